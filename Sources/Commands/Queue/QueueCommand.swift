internal import ArgumentParser

/// `git zentoo queue`
struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Show and change the build queue of a server",
        discussion: """
            The queue is stored in the repository below refs/zentoo/queue/, as an annotated \
            tag for each tuple that is waiting, running or has failed. 'git for-each-ref \
            refs/zentoo/queue' also shows it.
            """,
        subcommands: [
            QueueList.self, QueueShow.self, QueueAdd.self, QueueCancel.self, QueueRetry.self,
            QueuePauseCommand.self, QueueResume.self,
        ],
        defaultSubcommand: QueueList.self)
}
