internal import ArgumentParser
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// `git zentoo remote add`
struct RemoteAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a remote whose records are fetched too",
        discussion: """
            Works like 'git remote add'. Nothing is fetched yet; run 'git zentoo remote \
            update' to fetch.
            """)

    @Argument(help: ArgumentHelp("Name of the remote", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("URL or path of the remote, as for git", valueName: "url"))
    var address: String

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        try await session.shared.add(name, address: address)
    }
}

extension Session {
    /// Access to the remotes of the repository, by git(1).
    var shared: SharedRepository {
        SharedRepository(
            git: git, place: repository.workingDirectory ?? repository.gitDirectory)
    }

    /// Returns the selected remotes: those named, or all.
    ///
    /// - Throws: `ZentooError` if a named one does not exist, or if there is
    ///   none.
    func remotes(_ named: [String]) throws -> [String] {
        let known = configuration.remotes
        for name in named where !known.contains(name) {
            throw ZentooError(
                .notFound, "remote '\(name)' not found",
                hints: ["git zentoo remote add \(name) URL"])
        }
        guard !known.isEmpty else {
            throw ZentooError(
                .notFound, "the repository has no remotes",
                hints: ["git zentoo remote add origin URL"])
        }
        return named.isEmpty ? known : named
    }
}
