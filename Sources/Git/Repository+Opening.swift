internal import CGit2
public import SystemPackage

extension Repository {
    /// Opens the repository that contains `directory`, searching upwards as git
    /// does.
    ///
    /// - Parameters:
    ///   - directory: the directory to start from.
    ///   - ceilings: directories above which the search does not go,
    ///     `GIT_CEILING_DIRECTORIES` of git(1).
    /// - Throws: ``GitError``: no repository, one of another user, one with an
    ///   extension libgit2 cannot read, or a work tree that was moved by hand.
    public static func discover(
        from directory: FilePath, ceilings: [FilePath] = []
    ) throws -> Repository {
        let repository = try open(
            directory, flags: 0, ceilings: ceilings, trustsOwner: false)
        try repository.checkPlace(of: directory)
        return repository
    }

    /// Opens the repository at exactly `path`: a git directory, or the
    /// directory that contains `.git`.
    ///
    /// - Parameters:
    ///   - path: the directory.
    ///   - trustsOwner: whether to open a repository of another user; only if
    ///     its owner named this path.
    /// - Throws: ``GitError``, as ``discover(from:ceilings:)``.
    public static func open(_ path: FilePath, trustsOwner: Bool = false) throws -> Repository {
        let repository = try open(
            path, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, ceilings: [],
            trustsOwner: trustsOwner)
        if repository.workingDirectory != nil, repository.isWorktree {
            try repository.checkPlace(of: path)
        }
        return repository
    }

    /// Creates a repository, or opens an existing one.
    ///
    /// - Parameters:
    ///   - path: the git directory when `bare`, otherwise the work tree;
    ///     missing parents are created.
    ///   - bare: whether the repository has no work tree.
    ///   - initialBranch: the branch of `HEAD`, without `refs/heads/`.
    /// - Throws: ``GitError``.
    public static func create(
        at path: FilePath, bare: Bool, initialBranch: String = "main"
    ) throws -> Repository {
        let branch = try RefName.branch(initialBranch)
        return try Library.opening(trustsOwner: false) {
            var options = git_repository_init_options()
            try check(
                git_repository_init_options_init(
                    &options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)),
                "cannot make repository '\(path)'")
            options.flags =
                GIT_REPOSITORY_INIT_MKPATH.rawValue
                | (bare ? GIT_REPOSITORY_INIT_BARE.rawValue : 0)
            var pointer: OpaquePointer?
            try "\(branch)".withCString { head in
                options.initial_head = head
                _ = try path.withPlatformString { path in
                    try check(
                        git_repository_init_ext(&pointer, path, &options),
                        "cannot make repository '\(String(cString: path))'")
                }
            }
            guard let pointer else {
                throw GitError(.other(-1), "cannot make repository '\(path)'")
            }
            return Repository(owning: pointer)
        }
    }

    /// Opens the repository for a process started by git.
    ///
    /// `GIT_DIR`, `GIT_WORK_TREE`, `GIT_CEILING_DIRECTORIES` and, in the
    /// quarantine of a pre-receive hook, `GIT_OBJECT_DIRECTORY` and
    /// `GIT_ALTERNATE_OBJECT_DIRECTORIES` are honoured; libgit2's own function
    /// for this refuses work trees and reads the process' environment. As in
    /// git, setting `GIT_DIR` disables the owner check.
    ///
    /// - Parameters:
    ///   - environment: the variables to honour.
    ///   - directory: the start of the search, and the base of relative paths.
    /// - Throws: ``GitError``, as ``discover(from:ceilings:)``.
    public static func open(
        environment: [String: String], directory: FilePath
    ) throws -> Repository {
        let ceilings = paths(environment["GIT_CEILING_DIRECTORIES"])
        guard let named = environment["GIT_DIR"] else {
            return try discover(from: directory, ceilings: ceilings)
        }
        let gitDirectory = directory.pushing(FilePath(named))
        let repository = try open(
            gitDirectory, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, ceilings: [],
            trustsOwner: true)
        if let tree = environment["GIT_WORK_TREE"] {
            try repository.setWorkingDirectory(directory.pushing(FilePath(tree)))
        }
        guard let objects = environment["GIT_OBJECT_DIRECTORY"] else { return repository }
        try repository.setObjectDirectory(
            directory.pushing(FilePath(objects)),
            alternates: QuotedPathList(environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] ?? "")
                .paths.map { directory.pushing($0) })
        // The objects of a refused push are deleted (git-receive-pack(1)).
        if environment["GIT_QUARANTINE_PATH"] != nil {
            repository.referencesForbidden = "ref updates forbidden inside quarantine environment"
        }
        return repository
    }

    private static func paths(_ list: String?) -> [FilePath] {
        (list ?? "").split(separator: ":").map { FilePath(String($0)) }
    }

    private static func open(
        _ path: FilePath, flags: UInt32, ceilings: [FilePath], trustsOwner: Bool
    ) throws -> Repository {
        var status: Int32 = 0
        do {
            return try Library.opening(trustsOwner: trustsOwner) {
                var pointer: OpaquePointer?
                let list = ceilings.map(\.string).joined(separator: ":")
                status = path.withPlatformString { path in
                    git_repository_open_ext(&pointer, path, flags, list.isEmpty ? nil : list)
                }
                try check(status, "cannot open repository '\(path)'")
                guard let pointer else {
                    throw GitError(.other(-1), "cannot open repository '\(path)'")
                }
                return Repository(owning: pointer)
            }
        } catch let error as GitError {
            throw explained(error, at: path)
        }
    }
}
