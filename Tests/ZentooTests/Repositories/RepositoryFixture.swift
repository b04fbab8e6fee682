@testable import Builds
import Engines
import Exec
import Files
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// A directory for one test with a store and an ebuild repository; removed
/// afterwards.
struct RepositoryFixture {
    let directory: FilePath
    let store: RepositoryStore
    let name: ZentooName

    private static let environment = Invocation.basicEnvironment.merging([
        "HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A U Thor", "GIT_AUTHOR_EMAIL": "author@example.org",
        "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_NAME": "C O Mitter",
        "GIT_COMMITTER_EMAIL": "committer@example.org",
        "GIT_COMMITTER_DATE": "1700000000 +0000",
    ]) { $1 }

    static func with(_ body: (RepositoryFixture) async throws -> Void) async throws {
        let directory = try Directory.createTemporary(prefix: "/tmp/zentoo-repos-")
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(RepositoryFixture(in: directory)))
        } catch {
            outcome = .failure(error)
        }
        try await Privileges.ofTests.removeTree(directory)
        try outcome.get()
    }

    /// Creates the overlay `local` with master `gentoo` in `overlay`.
    private init(in directory: FilePath) throws {
        self.directory = directory
        name = try ZentooName("local")
        store = RepositoryStore(
            state: StateDirectory(path: directory.appending("state")), privileges: .ofTests,
            gitEnvironment: Self.environment)
        try write("local\n", "overlay/profiles/repo_name")
        try write("masters = gentoo\nthin-manifests = true\n", "overlay/metadata/layout.conf")
        try write("EAPI=8\n", "overlay/app-misc/a/a-1.ebuild")
    }

    var overlay: FilePath { path("overlay") }

    func path(_ relative: String) -> FilePath { directory.pushing(FilePath(relative)) }

    func write(_ text: String, _ relative: String) throws {
        try Directory.create(path(relative).removingLastComponent())
        try FileContent.write(Array(text.utf8), to: path(relative))
    }

    func read(_ path: FilePath) throws -> String? {
        try FileContent.read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    @discardableResult
    func run(_ program: String, _ arguments: [String]) async throws -> String {
        try await Invocation(
            program, arguments, environment: Self.environment, workingDirectory: directory
        ).run().orThrow().text
    }

    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        try await run("git", ["-C", "overlay"] + arguments)
    }

    /// Makes the overlay a git repository, or commits its changes.
    ///
    /// - Returns: the commit's id.
    @discardableResult
    func commit() async throws -> String {
        if try FileStatus.of(overlay.appending(".git")) == nil {
            try await git("init", "--quiet", "--initial-branch=main")
        }
        try await git("add", "--all")
        try await git("commit", "--quiet", "--message=change")
        return try await git("rev-parse", "HEAD")
    }

    func resolve(branch: String?) async throws -> RepositoryPin {
        try await store.resolve(name: name, source: .git(overlay.string, branch: branch))
    }

    func refusal<Value>(
        sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
    ) async -> RepositoryError.Code? {
        await #expect(throws: RepositoryError.self, sourceLocation: sourceLocation) {
            _ = try await body()
        }?.code
    }
}
