package import Git
package import Records
package import Sites

/// An entry of the queue: one tuple commit to build.
package struct QueueEntry: Sendable, Hashable, Codable {
    /// A worker's claim on an entry.
    package struct Claim: Sendable, Hashable, Codable {
        /// A token unique to this claim, so that a worker that was considered
        /// dead notices that the claim is no longer its own.
        package let token: String
        /// The machine and process that builds it.
        package let worker: String
        /// The time of the claim.
        package let started: Timestamp
        /// The build, once it has started.
        package var build: BuildID?
    }

    /// The site.
    package let site: ZentooName
    /// The tuple.
    package let tuple: String
    /// The tuple commit.
    package let commit: ObjectID
    /// The commits that the tuple commit was composed of: those of the site,
    /// portage and buildhooks branches, by branch name.
    package let heads: [String: ObjectID]
    /// The pusher.
    package var pusher: String
    /// The time when this commit was queued.
    package var queued: Timestamp
    /// The time when the tuple began to wait: a newer push keeps the position
    /// of the one it supersedes.
    package var since: Timestamp
    /// The priority; higher is built earlier.
    package var priority: Int
    /// The changes, such as `portage/base: package.use`.
    package var changes: [String]
    /// Whether it is built even though it is known to fail.
    package var isForced: Bool
    /// The number of attempts that failed for a temporary reason.
    package var attempts = 0
    /// The claim of the worker that builds it.
    package var claim: Claim?
    /// The reason why it, or its last attempt, failed.
    package var reason: String?
    /// The hints on that failure, and Portage's messages.
    package var hints: [String] = []

    /// Creates a waiting entry.
    package init(
        site: ZentooName, tuple: Tuple, commit: ObjectID, heads: [String: ObjectID],
        pusher: String, queued: Timestamp = .now, priority: Int = 0, changes: [String] = [],
        isForced: Bool = false
    ) {
        self.init(
            site: site, tuple: tuple.text, commit: commit, heads: heads, pusher: pusher,
            queued: queued, since: queued, priority: priority, changes: changes,
            isForced: isForced)
    }

    init(
        site: ZentooName, tuple: String, commit: ObjectID, heads: [String: ObjectID],
        pusher: String, queued: Timestamp, since: Timestamp, priority: Int, changes: [String],
        isForced: Bool
    ) {
        self.site = site
        self.tuple = tuple
        self.commit = commit
        self.heads = heads
        self.pusher = pusher
        self.queued = queued
        self.since = since
        self.priority = priority
        self.changes = changes
        self.isForced = isForced
    }

    /// `<site>/<tuple>`, which is unique in each state.
    package var key: String { "\(site)/\(tuple)" }

    /// The series in which its builds are numbered.
    var series: BuildSeries? { BuildSeries(site: site, tuple: tuple) }

    /// A copy without claim, reason and hints.
    var unclaimed: QueueEntry {
        var copy = self
        copy.claim = nil
        copy.reason = nil
        copy.hints = []
        return copy
    }

    /// Whether `one` is built before `other`.
    static func comesFirst(_ one: QueueEntry, _ other: QueueEntry) -> Bool {
        if one.priority != other.priority { return one.priority > other.priority }
        return (one.since, one.key) < (other.since, other.key)
    }
}
