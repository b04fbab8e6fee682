package import Git

/// Merges the records of a remote repository into this one after a fetch.
///
/// Notes are united and never change. A tag that clashes is renumbered and
/// signed again on this side, since others already know the remote's numbers.
/// All derived data is updated. The merge is safe while builds run, and the
/// repository is consistent after each step: answers read fetched notes before
/// they are merged, too.
package struct RecordMerge {
    /// The outcome of a merge.
    package struct Report: Sendable, Hashable, Codable {
        /// The remote.
        package var remote: String
        /// Whether it had notes that were missing here.
        package var hasNewNotes = false
        /// Tags adopted from the remote, sorted.
        package var adopted: [String] = []
        /// Builds of this repository whose tags were renumbered.
        package var renumbered: [Renumbering] = []
        /// Tags that were left unchanged, with the reasons.
        package var obstacles: [String] = []

        /// Whether nothing had to be merged.
        package var isUpToDate: Bool { !hasNewNotes && adopted.isEmpty && renumbered.isEmpty }
    }

    /// A tag that was renumbered.
    package struct Renumbering: Sendable, Hashable, Codable {
        /// The build it belongs to.
        package let build: BuildID
        /// The previous tag, which now belongs to another build.
        package let old: String
        /// The new tag.
        package let new: String
    }

    private let repository: Repository
    private let signer: TagSigner?
    private let identity: Signature

    /// - Parameters:
    ///   - signer: signs renumbered tags; they lose their signatures if nil.
    ///   - identity: the author of the merge.
    package init(_ repository: Repository, signer: TagSigner?, identity: Signature) {
        self.repository = repository
        self.signer = signer
        self.identity = identity
    }

    /// Merges what was fetched from `remote`; does nothing if there is nothing
    /// to merge.
    ///
    /// - Parameter fetch: fetches from the remote if that has not been done.
    /// - Throws: ``ZentooError`` or ``GitError``; completed steps stay, and the
    ///   next merge does the rest.
    package func run(
        _ remote: String, fetch: () async throws -> Void = {}
    ) async throws -> Report {
        let before = try tags()
        try await fetch()
        var report = Report(remote: remote)
        let theirs = RemoteRecords(remote: remote)
        report.hasNewNotes = try repository.mergeNotes(
            theirs.notes(), into: .notes(RecordNotes.name), author: identity,
            message: "merge the records of \(remote)\n")
        for (name, commit) in try theirs.failures(in: repository)
        where try repository.resolve(name) == nil {
            try repository.set(name, to: commit, expecting: .anything)
        }
        try Whence.refresh(repository)
        let merge = TagMerge(
            repository: repository, signer: signer, reader: try ResultReader(repository),
            remote: theirs)
        try await merge.run(&report)
        // git's tag following has already created those that do not clash.
        let own = Set(report.renumbered.map(\.new))
        report.adopted = try tags().filter { before[$0.key] != $0.value }.keys
            .filter { !own.contains($0) }.sorted()
        return report
    }

    private func tags() throws -> [String: ObjectID] {
        let tags = try repository.references(under: "refs/tags/zentoo").compactMap { name, id in
            name.tagName.map { ($0, id) }
        }
        return Dictionary(uniqueKeysWithValues: tags)
    }
}
