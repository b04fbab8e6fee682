package import Builds
internal import Edits
package import Git
package import Records
package import Sites
internal import SystemPackage

/// A saved patch.
package struct SavedPatch: Sendable, Hashable, Codable {
    /// The root.
    package let root: String
    /// Category and name.
    package let package: String
    /// The package version of the source.
    package let version: String
    /// The path of the patch in the root's work tree.
    package let path: String
    /// The commit on the root's branch; nil when the branch already had this
    /// content.
    package let commit: ObjectID?
    /// The paths that the patch changes in the source.
    package let changes: [PathChange]
    /// Whether the current state of the source has been built.
    package let isTried: Bool
}

extension PatchBench {
    /// Commits the changes in the source as a patch on the root's branch, and
    /// nothing else from its work tree. Later changes are then based on this
    /// patch.
    ///
    /// - Parameters:
    ///   - package: as in ``PatchSurvey/place(_:in:)``.
    ///   - isForced: whether an existing patch may be replaced.
    ///   - message: the commit message; nil for a generated one.
    /// - Throws: ``ZentooError`` when there is nothing to save, when the patch
    ///   would not apply at the position that its name gives it, or when
    ///   something in the work tree is in the way; nothing is changed in that
    ///   case.
    package func save(
        as name: PatchName, of package: String?, in root: ZentooName, isForced: Bool = false,
        message: String? = nil, report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> SavedPatch {
        let rootPlace = RootPlace(root, in: machine.state)
        return try await RootLock.holding(rootPlace, "a patch is being saved") {
            let place = try survey.place(package, in: root)
            guard var record = try PatchRecord(of: place) else { throw PatchSurvey.damaged(place) }
            let workplace = try workplace(rootPlace, report: report)
            try workplace.prepareTree()
            let head = workplace.branch.tree
            let present = try UserPatches(
                of: record.cpv, slot: record.slot,
                in: workplace.repository.entry(in: head, RootBase.portagePath)?.id ?? .emptyTree,
                workplace.repository)
            let placement = try PatchPlacement(
                name, of: record, among: present, in: root, isForced: isForced)

            let source = PatchSource(place: place)
            let own = try source.open()
            let base = try placement.before ?? source.base(in: own)
            let tree = try source.snapshot(in: own)
            let changes = try own.diffTrees(own.commit(base).tree, tree)
            guard !changes.isEmpty else {
                throw ZentooError(
                    .notFound, "nothing is changed in the source of '\(place.package)'",
                    hints: ["edit it: \(place.source)"])
            }
            try Self.refuseRemains(among: changes, in: place)
            let patch = try await source.patch(from: base, to: tree, with: machine.git)
            let commit = try await commit(
                patch, at: placement.path, in: workplace,
                message: Self.message(name, message, record, placement, changes))
            let isTried = record.tried == tree

            record.over = record.over.filter { $0.name != placement.file }
            record.over.append(
                .init(
                    name: placement.file, id: try workplace.repository.writeBlob(patch),
                    before: base))
            record.edited = nil
            try await source.moveBase(
                to: tree, after: base, message: "\(name)\n", by: machine.identity,
                with: machine.git)
            try record.write(to: place)
            return SavedPatch(
                root: root.text, package: place.package, version: "\(record.cpv)",
                path: rootPlace.tree.appending("\(RootBase.portagePath)/\(placement.path)").string,
                commit: commit, changes: changes.map { PathChange($0) }, isTried: isTried)
        }
    }

    /// Refuses the `.rej` and `.orig` files that patch(1) leaves behind when a
    /// patch does not apply.
    private static func refuseRemains(
        among changes: [TreeDelta], in place: PatchPlace
    ) throws {
        let remains = changes.filter { change in
            change.old == nil
                && [".rej", ".orig"].contains { change.path.description.hasSuffix($0) }
        }
        guard let first = remains.first else { return }
        throw ZentooError(
            .unsupported, "'\(first.path)' is what is left of a patch that did not apply",
            hints: ["make its changes by hand, and remove it from '\(place.source)'"])
    }

    /// - Returns: the commit; nil when the branch already has this content.
    private func commit(
        _ patch: [UInt8], at path: TreePath, in workplace: RootWorkplace, message: String
    ) async throws -> ObjectID? {
        let (repository, branch) = (workplace.repository, workplace.branch)
        let tree = try repository.editTree(
            base: branch.tree,
            [
                .put(
                    RootBase.portagePath.appending(path.bytes), .file,
                    repository.writeBlob(patch))
            ])
        guard tree != branch.tree else { return nil }
        let commit = try repository.createCommit(
            tree: tree, parents: [branch.head], author: machine.identity,
            committer: machine.identity, message: message)
        let worktrees = try await machine.git.worktreesByBranch(
            gitDirectory: repository.commonDirectory)
        try await BranchMover(repository: repository, git: machine.git, worktrees: worktrees).move(
            [
                RefChange(
                    try RootBranch.reference(of: branch.name), to: commit,
                    expecting: .value(branch.head))
            ], message: "zentoo: patch \(path)")
        return commit
    }

    private static func message(
        _ name: PatchName, _ text: String?, _ record: PatchRecord, _ placement: PatchPlacement,
        _ changes: [TreeDelta]
    ) -> String {
        if let text { return text }
        let under = record.over.map(\.name).filter { $0 != placement.file }
        return """
            \(record.cpv.package): \(name)

            For \(record.cpv)\(under.isEmpty ? "" : ", after \(under.joined(separator: ", "))"):

            \(changes.prefix(20).map { "  \($0.path)" }.joined(separator: "\n"))\
            \(changes.count > 20 ? "\n  and \(changes.count - 20) more" : "")

            """
    }
}
