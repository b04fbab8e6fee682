internal import CGit2
internal import Synchronization

/// libgit2 itself, which is started at the first repository that is opened:
/// it reads every certificate of the system, and `--version` need not wait
/// for that.
enum Library {
    // Zero stands for "not started", so a failure is tried again and reported again.
    private static let state = Mutex(Int32(0))

    /// Starts libgit2, for what needs no repository.
    static func start() throws {
        try opening(trustsOwner: false) {}
    }

    /// Runs `body` with libgit2 started.
    ///
    /// One caller at a time, since the check of a repository's owner, which
    /// `trustsOwner` leaves out, is a switch of the whole process.
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
        // Only trees of up to 4 KiB are kept once they were read. Ours are
        // indexes with an entry for each tuple, asked a thousand times over.
        try check(zentoo_git_set_tree_cache_limit(largestCachedTree), "cannot set up libgit2")
        // As git has it: fsck(1) and whoever receives objects compare them with
        // their names, not everybody who reads one.
        try check(zentoo_git_set_hash_verification(0), "cannot set up libgit2")
    }

    /// In bytes; some hundred thousand entries.
    private static let largestCachedTree = 8 << 20
}
