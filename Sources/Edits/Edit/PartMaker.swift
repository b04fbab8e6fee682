package import Git
package import Sites

/// Makes new parts of a site: portage and buildhooks branches, and cpus.
package struct PartMaker {
    /// What a new branch begins with.
    package enum Origin: Sendable, Hashable {
        /// The skeleton's branch of the kind.
        case skeleton(SiteSkeleton)
        /// Another branch of the kind, whose history it shares.
        case branch(ZentooName)
    }

    private let site: Site
    private let editor: BranchEditor

    /// Makes parts of `site`.
    package init(_ site: Site, git: GitProgram, identity: Signature) {
        self.site = site
        editor = BranchEditor(repository: site.repository, git: git, identity: identity)
    }

    /// Makes a branch.
    ///
    /// - Returns: its commit.
    /// - Throws: ``ZentooError`` when it exists, here or on the site's
    ///   remote, or there is nothing to begin with.
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

    /// Makes a cpu.
    ///
    /// - Parameter text: the make.conf fragment.
    /// - Returns: the commit on the site's branch; nil when the cpu says just
    ///   this already.
    /// - Throws: ``ZentooError`` when it exists and says something else.
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
