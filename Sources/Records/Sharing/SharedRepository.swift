internal import Exec
package import Git
internal import Sites
package import SystemPackage

/// Cloning and fetching by git(1), so that transports, credentials and
/// `url.*.insteadOf` are git's own.
package struct SharedRepository: Sendable {
    /// What a clone is.
    package enum Kind: Sendable, Hashable {
        /// With a work tree.
        case standard
        /// Without one, as a server has it; branches become local ones.
        case bare
        /// Everything of the other, and nothing else: `git clone --mirror`.
        case mirror
    }

    /// What git calls the remote of a clone.
    package static let origin = "origin"

    private let git: GitProgram
    private let place: FilePath

    /// A repository that exists.
    ///
    /// - Parameter place: the top of its work tree, or of the bare repository:
    ///   where the relative address of a remote begins.
    package init(git: GitProgram, place: FilePath) {
        self.git = git
        self.place = place
    }

    /// Clones a repository with all that it has recorded.
    ///
    /// - Parameters:
    ///   - place: must not be there yet, or be an empty directory.
    ///   - start: where a relative `address` begins.
    /// - Throws: ``ZentooError`` in git's own words. A clone whose records could
    ///   not be fetched is not kept.
    package static func clone(
        _ address: String, to place: FilePath, as kind: Kind, from start: FilePath,
        git: GitProgram
    ) async throws -> SharedRepository {
        let options =
            switch kind {
            case .standard: [String]()
            case .bare: ["--bare"]
            case .mirror: ["--mirror"]
            }
        // All at once: a clone without its records would look like one of a
        // repository that has none.
        let specifications = kind == .mirror ? [] : RemoteRecords(remote: origin).refspecs
        let settings = specifications.flatMap { ["--config", "remote.\(origin).fetch=\($0)"] }
        try await say(
            ["clone", "--quiet", "--origin=\(origin)"] + options + settings
                + ["--", address, place.string], git, in: start)
        let shared = SharedRepository(git: git, place: place)
        try await shared.complete(nil)
        return shared
    }

    /// Adds a remote, and says what is fetched from it.
    ///
    /// - Throws: ``ZentooError`` in git's own words.
    package func add(_ remote: String, address: String) async throws {
        try await Self.say(["remote", "add", "--", remote, address], git, in: place)
        try await complete([remote])
    }

    /// Fetches from a remote.
    ///
    /// - Throws: ``ZentooError`` in git's own words.
    package func fetch(_ remote: String) async throws {
        try await complete([remote])
        // Pruning tags deletes those of builds that the remote does not have yet.
        try await Self.say(
            ["fetch", "--quiet", "--no-prune", "--no-prune-tags", "--", remote], git, in: place)
    }

    private func complete(_ remotes: [String]?) async throws {
        let directory = try Repository.open(place).commonDirectory
        try await RepositorySettings(git: git, gitDirectory: directory).complete(remotes: remotes)
    }

    /// What git says of a remote is meant for whoever named it; the command
    /// line it was made with is not.
    private static func say(
        _ arguments: [String], _ git: GitProgram, in directory: FilePath
    ) async throws {
        let completion = try await git.invocation(arguments, directory: directory).run()
        if completion.status.isSuccess { return }
        let lines = String(decoding: completion.errors, as: UTF8.self).split(separator: "\n")
            .map { line in
                ["fatal: ", "error: "].first { line.hasPrefix($0) }
                    .map { line.dropFirst($0.count) } ?? line
            }
        throw ZentooError(
            .failed,
            lines.isEmpty
                ? "'git \(arguments[0])' ended with status \(completion.status.shellStatus)"
                : lines.joined(separator: "\n"))
    }
}
