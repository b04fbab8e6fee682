internal import ArgumentParser

/// `git zentoo queue`
struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Look at and change what a server is still to build",
        discussion: """
            The queue is in the repository, under refs/zentoo/queue/, an annotated tag for \
            each tuple that waits, runs or has failed; 'git for-each-ref refs/zentoo/queue' \
            shows it as well.
            """,
        subcommands: [
            QueueList.self, QueueShow.self, QueueAdd.self, QueueCancel.self, QueueRetry.self,
            QueuePauseCommand.self, QueueResume.self,
        ],
        defaultSubcommand: QueueList.self)
}
