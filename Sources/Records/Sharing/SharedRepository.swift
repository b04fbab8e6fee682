internal import Exec
package import Git
internal import Sites
package import SystemPackage

/// A repository that is cloned and fetched into by git(1), so that transports,
/// credentials and `url.*.insteadOf` work as git defines them.
package struct SharedRepository: Sendable {
    /// The kind of a clone.
    package enum Kind: Sendable, Hashable {
        /// With a work tree.
        case standard
        /// Without a work tree, as on a server; branches become local branches.
        case bare
        /// An exact copy of the other repository: `git clone --mirror`.
        case mirror
    }

    /// The name of a clone's remote.
    package static let origin = "origin"

    private let git: GitProgram
    private let place: FilePath

    /// Creates a handle to an existing repository.
    ///
    /// - Parameter place: the top of its work tree, or the bare repository;
    ///   relative URLs of remotes are resolved against it.
    package init(git: GitProgram, place: FilePath) {
        self.git = git
        self.place = place
    }

    /// Clones a repository with all its records.
    ///
    /// - Parameters:
    ///   - place: the target; must not exist or must be an empty directory.
    ///   - start: the directory that a relative `address` is resolved against.
    /// - Throws: ``ZentooError`` with git's own message. A clone whose records
    ///   could not be fetched is removed.
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
        // One command, since a clone without its records would look like the
        // clone of a repository that has none.
        let specifications = kind == .mirror ? [] : RemoteRecords(remote: origin).refspecs
        let settings = specifications.flatMap { ["--config", "remote.\(origin).fetch=\($0)"] }
        try await say(
            ["clone", "--quiet", "--origin=\(origin)"] + options + settings
                + ["--", address, place.string], git, in: start)
        let shared = SharedRepository(git: git, place: place)
        try await shared.complete(nil)
        return shared
    }

    /// Adds a remote and configures what is fetched from it.
    ///
    /// - Throws: ``ZentooError`` with git's own message.
    package func add(_ remote: String, address: String) async throws {
        try await Self.say(["remote", "add", "--", remote, address], git, in: place)
        try await complete([remote])
    }

    /// Fetches from a remote.
    ///
    /// - Throws: ``ZentooError`` with git's own message.
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

    /// Runs git, and reports its messages without the command line: the user
    /// named the remote, but did not write the command.
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
