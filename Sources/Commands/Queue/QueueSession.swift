internal import ArgumentParser
internal import Builds
internal import Git
internal import Server
internal import Sites
internal import SystemPackage

/// The session of a command that works on the queue.
///
/// Not Sendable because the repository is not: each command has its own
/// session.
struct QueueSession {
    let session: Session
    let queue: BuildQueue
    let sites: [ZentooName]
    let pusher: String

    /// Opens the queue of the repository around the working directory.
    ///
    /// - Throws: as `Session.openAsOwner`.
    static func open(_ context: CommandContext, _ site: SiteOptions) async throws -> QueueSession {
        let name = Pusher.name(
            environment: context.environment, account: Platform.userName(),
            repository: context.workingDirectory)
        let session = try await Session.openAsOwner(context, site)
        return QueueSession(
            session: session, queue: BuildQueue(session.repository),
            sites: try session.settings.served(in: session.repository),
            pusher: name)
    }

    /// The feeder of the repository's queue.
    var feeder: QueueFeeder {
        QueueFeeder(session.repository, sites: sites, state: session.settings.state)
    }

    /// Returns the key of a tuple as users name it: of this site, or with its
    /// site before a `/`.
    func key(_ text: String) -> String {
        text.contains("/") ? text : "\(session.siteName)/\(text)"
    }

    /// Returns the error for an entry that does not exist.
    func absent(_ text: String, _ what: String) -> ZentooError {
        ZentooError(
            .notFound, "'\(key(text))' is not \(what)",
            hints: ["'git zentoo queue list' shows what is"])
    }
}

extension Session {
    /// Opens the repository around the working directory. If the process runs
    /// as root, it first becomes the directory's owner, permanently.
    ///
    /// - Throws: as ``open(_:_:)``; `Errno`.
    static func openAsOwner(
        _ context: CommandContext, _ site: SiteOptions
    ) async throws -> Session {
        var context = context
        context.environment = try Platform.becomeOwner(
            of: context.workingDirectory, context.environment)
        return try await open(context, site)
    }
}
