internal import Exec
public import Git
public import SystemPackage

/// A repository for one test, isolated from the settings of the system and the
/// user, with fixed identities and dates.
///
/// The value is Sendable; ``open()`` gives each task a `Repository`.
public struct TemporaryRepository: Sendable {
    /// The directory that is removed after the test; it can hold other files.
    public let root: FilePath
    /// The working tree, or the bare repository.
    public let path: FilePath
    /// The repository's git directory.
    public let gitDirectory: FilePath
    /// The environment of every program of the test.
    public let environment: [String: String]
    /// Runs git(1) in that environment.
    public let git: GitProgram

    /// The author and committer of all commits.
    public static let signature = Signature(
        name: "A U Thor", email: "author@example.com", seconds: 1_112_911_993, offset: -420)

    /// Runs `body` with a new repository whose branch is `main`.
    @discardableResult
    public static func with<Result>(
        bare: Bool = false, _ body: (_ repository: TemporaryRepository) async throws -> Result
    ) async throws -> Result {
        try await TemporaryDirectory.with { root in
            let environment = try hermeticEnvironment(home: root)
            let path = root.appending(bare ? "repository.git" : "repository")
            _ = try Repository.create(at: path, bare: bare, initialBranch: "main")
            let repository = TemporaryRepository(
                root: root, path: path, gitDirectory: bare ? path : path.appending(".git"),
                environment: environment, git: GitProgram(environment: environment))
            return try await body(repository)
        }
    }

    /// Returns an environment that contains nothing of the machine's except `PATH`.
    public static func hermeticEnvironment(home: FilePath) throws -> [String: String] {
        let date = "\(signature.seconds) -0700"
        return [
            "PATH": Invocation.basicEnvironment["PATH"] ?? "/usr/bin:/bin",
            "HOME": home.string, "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": signature.name, "GIT_AUTHOR_EMAIL": signature.email,
            "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_NAME": signature.name,
            "GIT_COMMITTER_EMAIL": signature.email, "GIT_COMMITTER_DATE": date,
        ]
    }

    /// Opens the repository; each task needs its own.
    public func open() throws -> Repository {
        try Repository.open(path)
    }

    /// Runs git(1) in the repository and returns its output without the last
    /// newline.
    ///
    /// - Throws: `ExecError` if it fails.
    @discardableResult
    public func git(_ arguments: String..., input: [UInt8]? = nil) async throws -> String {
        try await git(arguments, input: input)
    }

    /// Runs git(1) in the repository and returns its output without the last
    /// newline.
    ///
    /// - Throws: `ExecError` if it fails.
    @discardableResult
    public func git(_ arguments: [String], input: [UInt8]? = nil) async throws -> String {
        try await git.run(
            arguments, directory: path, input: input.map { .bytes($0) } ?? .none
        ).text
    }

    /// Commits exactly these files to a branch, on top of its commit if it has one.
    /// An empty name in a path is an error.
    ///
    /// - Throws: `GitError`.
    @discardableResult
    public func commit(
        files: [String: String], on branch: String = "main", message: String = "test"
    ) throws -> ObjectID {
        let repository = try open()
        let name = try RefName.branch(branch)
        let changes = try files.sorted { $0.key < $1.key }.map { path, content in
            TreeChange.put(TreePath(path), .file, try repository.writeBlob(content.utf8))
        }
        let parent = try repository.resolve(name)
        let commit = try repository.createCommit(
            tree: repository.editTree(base: nil, changes), parents: parent.map { [$0] } ?? [],
            author: Self.signature, message: message)
        try repository.set(name, to: commit, expecting: parent.map { .value($0) } ?? .absent)
        return commit
    }
}
