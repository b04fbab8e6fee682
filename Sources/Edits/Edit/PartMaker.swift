package import Git
package import Sites

/// Creates new parts of a site: portage and buildhooks branches, and cpus.
package struct PartMaker {
    /// The start of a new branch.
    package enum Origin: Sendable, Hashable {
        /// The skeleton's branch of the same kind.
        case skeleton(SiteSkeleton)
        /// Another branch of the same kind, whose history it shares.
        case branch(ZentooName)
    }

    private let site: Site
    private let editor: BranchEditor

    /// Creates a maker of parts of `site`.
    package init(_ site: Site, git: GitProgram, identity: Signature) {
        self.site = site
        editor = BranchEditor(repository: site.repository, git: git, identity: identity)
    }

    /// Creates a branch.
    ///
    /// - Returns: its commit.
    /// - Throws: ``ZentooError`` if it exists, here or on the site's remote, or
    ///   `origin` does not exist.
    package func makeBranch(
        _ name: ZentooName, _ kind: BranchKind, from origin: Origin
    ) async throws -> ObjectID {
        let branch = kind.branch(name)
        if let found = try site.branches.find(branch) {
            throw ZentooError(
                .exists, "branch '\(found.shown)' exists", hints: ["git switch \(branch)"])
        }
        switch origin {
        case .branch(let other):
            guard let start = try site.branches.find(kind.branch(other)) else {
                throw ZentooError(
                    .notFound, "branch '\(kind.branch(other))' not found",
                    hints: [
                        Site.known("\(kind.rawValue) branch", kind.names(of: site.parts).sorted())
                    ])
            }
            try site.repository.set(
                try RefName.branch(branch), to: start.commit, expecting: .absent,
                message: "zentoo: new from \(start.shown)")
            return start.commit
        case .skeleton(let skeleton):
            let start = try skeleton.branch(of: kind)
            let (tree, _) = try site.repository.importDirectory(start.directory)
            guard
                let commit = try await editor.commit(
                    tree: tree, to: branch, message: "zentoo: begin \(branch)")
            else { throw ZentooError(.exists, "branch '\(branch)' exists") }
            return commit
        }
    }

    /// Creates a cpu.
    ///
    /// - Parameters:
    ///   - name: the name of the cpu.
    ///   - text: the make.conf fragment.
    /// - Returns: the commit on the site's branch; nil when the cpu already has
    ///   this content.
    /// - Throws: ``ZentooError`` if it exists with other content.
    package func makeCPU(_ name: ZentooName, _ text: [UInt8]) async throws -> ObjectID? {
        if let known = try site.cpuIfAny(name) {
            guard known.bytes == text else {
                throw ZentooError(
                    .exists, "cpu '\(name)' exists",
                    hints: [
                        "see it with 'git zentoo cpu show \(name)'",
                        "choose another name, or edit \(CPUFragment.folder)/\(name)",
                    ])
            }
            return nil
        }
        try site.branches.startLocally(site.name.text)
        return try await editor.commit(
            [.write(TreePath("\(CPUFragment.folder)/\(name)"), text)], to: site.name.text,
            message: "zentoo: cpu \(name)")
    }
}
