internal import CGit2
internal import Synchronization

/// The state of libgit2, which is started when the first repository is opened:
/// it reads all certificates of the system, and `--version` need not wait for
/// that.
enum Library {
    // Zero means "not started", so a failed start is retried and reported
    // again.
    private static let state = Mutex(Int32(0))

    /// Starts libgit2 for operations without a repository.
    static func start() throws {
        try opening(trustsOwner: false) {}
    }

    /// Runs `body` with libgit2 started.
    ///
    /// Calls are serialized, since the owner check, which `trustsOwner`
    /// disables, is a process-wide switch.
    static func opening<Result>(
        trustsOwner: Bool, _ body: () throws -> sending Result
    ) throws -> sending Result {
        try state.withLock { count in
            if count <= 0 {
                count = try check(git_libgit2_init(), "cannot start libgit2")
                try setUp()
            }
            guard trustsOwner else { return try body() }
            try check(zentoo_git_set_owner_validation(0), "cannot set up libgit2")
            defer { _ = zentoo_git_set_owner_validation(1) }
            return try body()
        }
    }

    private static func setUp() throws {
        // By default libgit2 caches only trees of up to 4 KiB. This program
        // reads indexes with an entry for each tuple, thousands of times.
        try check(zentoo_git_set_tree_cache_limit(largestCachedTree), "cannot set up libgit2")
        // As in git, fsck(1) and the receiver of objects verify hashes, not
        // each reader.
        try check(zentoo_git_set_hash_verification(0), "cannot set up libgit2")
    }

    /// The limit in bytes; some hundred thousand entries.
    private static let largestCachedTree = 8 << 20
}
