package import Git

/// Joins what a remote's repository recorded with what this one did, after
/// git has fetched it.
///
/// Notes are united and never change. A tag that clashes is renumbered here
/// and signed again: the remote's numbers are known to others already. All
/// that is derived follows. Safe while builds run, and at each step what is
/// there is true: answers read fetched notes before they are merged, too.
package struct RecordMerge {
    /// What was done.
    package struct Report: Sendable, Hashable, Codable {
        /// The remote.
        package var remote: String
        /// Whether it had notes that were not here.
        package var hasNewNotes = false
        /// Tags that came from there, sorted.
        package var adopted: [String] = []
        /// Builds of this repository whose tags got another number.
        package var renumbered: [Renumbering] = []
        /// Tags that were left as they are, and why.
        package var obstacles: [String] = []

        /// Whether everything was here before.
        package var isUpToDate: Bool { !hasNewNotes && adopted.isEmpty && renumbered.isEmpty }
    }

    /// A tag that had to give way.
    package struct Renumbering: Sendable, Hashable, Codable {
        /// The build it is of.
        package let build: BuildID
        /// The tag it had, which now is another build's.
        package let old: String
        /// The tag it has.
        package let new: String
    }

    private let repository: Repository
    private let signer: TagSigner?
    private let identity: Signature

    /// - Parameters:
    ///   - signer: signs tags that are renumbered; they lose their signatures
    ///     when nil.
    ///   - identity: who merges.
    package init(_ repository: Repository, signer: TagSigner?, identity: Signature) {
        self.repository = repository
        self.signer = signer
        self.identity = identity
    }

    /// Merges what was fetched from `remote`; nothing happens when there is
    /// nothing.
    ///
    /// - Parameter fetch: fetches it, where that has not been done.
    /// - Throws: ``ZentooError`` or ``GitError``; what was done until then stays
    ///   done, and the next merge does the rest.
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
        // git itself has brought those that do not clash.
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
