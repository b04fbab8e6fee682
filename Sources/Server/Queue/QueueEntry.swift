package import Git
package import Records
package import Sites

/// One tuple commit that is to be built: what stands in the queue.
package struct QueueEntry: Sendable, Hashable, Codable {
    /// A worker's hold on an entry.
    package struct Claim: Sendable, Hashable, Codable {
        /// Unlike any other claim, of this entry or another: what a worker
        /// that was taken for dead finds changed.
        package let token: String
        /// The machine and process that builds it.
        package let worker: String
        /// When it was claimed.
        package let started: Timestamp
        /// The build, once it has begun.
        package var build: BuildID?
    }

    /// The site.
    package let site: ZentooName
    /// The tuple.
    package let tuple: String
    /// The tuple commit.
    package let commit: ObjectID
    /// What the tuple commit was composed of: the commits of the site's, the
    /// portage and the buildhooks branch.
    package let heads: [String: ObjectID]
    /// Who pushed.
    package var pusher: String
    /// When this commit was queued.
    package var queued: Timestamp
    /// When the tuple began to wait: a newer push keeps the place of the one it
    /// supersedes.
    package var since: Timestamp
    /// Higher is built earlier.
    package var priority: Int
    /// What is new in it, as `portage/base: package.use`.
    package var changes: [String]
    /// Whether it is built even though it is known to fail.
    package var isForced: Bool
    /// How often it was tried in vain, since something was in the way that may
    /// pass by itself.
    package var attempts = 0
    /// Who builds it.
    package var claim: Claim?
    /// Why it failed, or was tried in vain.
    package var reason: String?
    /// What can be done about it, and what Portage said of it.
    package var hints: [String] = []

    /// An entry that waits.
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

    /// `<site>/<tuple>`: there is one such entry in each state.
    package var key: String { "\(site)/\(tuple)" }

    /// What its builds are counted in.
    var series: BuildSeries? { BuildSeries(site: site, tuple: tuple) }

    /// The same, waiting for its first claim.
    var unclaimed: QueueEntry {
        var copy = self
        copy.claim = nil
        copy.reason = nil
        copy.hints = []
        return copy
    }

    /// The order in which entries are built.
    static func comesFirst(_ one: QueueEntry, _ other: QueueEntry) -> Bool {
        if one.priority != other.priority { return one.priority > other.priority }
        return (one.since, one.key) < (other.since, other.key)
    }
}
