internal import ArgumentParser
internal import Builds
internal import Git
internal import Server

/// `git zentoo hook post-receive`
struct HookPostReceive: Command {
    static let configuration = CommandConfiguration(
        commandName: "post-receive",
        abstract: "Queue the tuples that a push changed; called by git",
        discussion: """
            Composes the tuples of all sites before and after the push, queues those that \
            changed, and prints the changes of each and its place in the queue. Options of the \
            pusher: 'git push -o zentoo.skip' queues nothing, '-o zentoo.only=PATTERN' queues \
            only matching tuples, '-o zentoo.priority=N' sets their priority, and '-o \
            zentoo.wait' waits until they are built.
            """)

    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await HookSession.open(context)
        let push = try session.push()
        let options = try PushOptions(environment: context.environment)
        let outcomes = try await session.feeder.feed(push, by: session.pusher, options: options)
        // With `zentoo.wait`, the follower reports a pause.
        let pause = options.waits ? nil : try BuildQueue(session.repository).pause()
        context.output.message(QueuedPage(outcomes: outcomes, pause: pause).page)
        guard options.waits else { return }
        let follower = QueueFollower(
            repository: session.repository.commonDirectory, state: session.settings.state)
        let wait = PushWait(
            output: context.output, isOne: outcomes.count(where: \.isQueued) == 1)
        if try await !follower.follow(outcomes, tell: wait.tell) { throw NegativeAnswer() }
    }
}

extension HookSession {
    /// The feeder of the repository's queue.
    var feeder: QueueFeeder { QueueFeeder(repository, sites: sites, state: settings.state) }
}
