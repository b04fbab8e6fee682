internal import Exec
internal import Files
internal import Git
internal import Sites
internal import SystemPackage

/// The fetched revisions of one repository: a bare git repository that only
/// git-zentoo writes, in which a reference keeps each revision.
///
/// It has only one commit of history unless an old revision is requested and
/// the server serves branches only.
struct RepositoryCache {
    let name: ZentooName
    /// A URL or absolute path.
    let location: String
    let directory: FilePath
    let environment: [String: String]

    /// Creates an empty repository in `parent`, to be moved to ``directory``.
    func create(in parent: FilePath) async throws -> FilePath {
        let path = parent.appending("git")
        let completion = try await Tool.run(
            invocation([
                "init", "--quiet", "--bare", "--object-format=sha1", "--template=", "--",
                path.string,
            ]))
        guard completion.status.isSuccess else { throw failed("make a cache for", completion) }
        // The .gitattributes of a repository must not change a byte of its
        // files: this file has precedence (gitattributes(5)).
        try Directory.create(path.appending("info"))
        try FileContent.write(
            Array(
                "* -text -ident -filter -working-tree-encoding -export-ignore -export-subst\n".utf8),
            to: path.appending("info").appending("attributes"))
        return path
    }

    // MARK: Fetching

    /// Fetches a branch, or the source's HEAD.
    ///
    /// - Returns: the commit's id.
    /// - Throws: ``RepositoryError``.
    func fetch(branch: String?) async throws -> String {
        if let branch, !RepositorySource.isBranch(branch) {
            throw RepositoryError(.invalidSource, "'\(branch)' is not a valid branch name")
        }
        let lock = try await FileLock.lock(lockPath)
        let completion = try await fetch(
            (branch.map { "refs/heads/\($0)" } ?? "HEAD"), to: Self.fetched, depth: 1)
        guard completion.status.isSuccess else {
            throw failed(
                "fetch", completion,
                hints: [Invocation("git", ["ls-remote", location, branch ?? "HEAD"]).commandLine])
        }
        let id = try await git(["rev-parse", "--verify", "\(Self.fetched)^{commit}"]).text
        try await keep(id)
        _ = consume lock
        return id
    }

    /// Fetches a commit if it is not present.
    ///
    /// - Throws: ``RepositoryError`` if the source does not have it.
    func require(_ id: String, branch: String?) async throws {
        let lock = try await FileLock.lock(lockPath)
        if try await !has(id) {
            var completion = try await fetch(id, to: Self.reference(id), depth: 1)
            if !completion.status.isSuccess {
                // Not every server serves a commit by its id.
                completion = try await fetch(
                    branch.map { "refs/heads/\($0)" } ?? "HEAD", to: Self.fetched, depth: nil)
            }
            guard completion.status.isSuccess else { throw failed("fetch", completion) }
            guard try await has(id) else {
                throw RepositoryError(
                    .noRevision,
                    "repository '\(name)' has no revision '\(id)' at '\(location)'",
                    hints: ["pin what it has now with 'git zentoo sync \(name)'"])
            }
        }
        try await keep(id)
        _ = consume lock
    }

    private static let fetched = "refs/zentoo/fetched"

    private static func reference(_ id: String) -> String { "refs/zentoo/revisions/\(id)" }

    /// - Parameter depth: the number of commits of history; nil for all.
    private func fetch(_ what: String, to reference: String, depth: Int?) async throws -> Completion
    {
        try await Tool.run(
            invocation([
                "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
                "--depth=\(depth ?? Self.allHistory)", "--", location, "+\(what):\(reference)",
            ]))
    }

    /// The depth that git treats as unlimited (git-fetch(1), `--unshallow`).
    private static let allHistory = 0x7fff_ffff

    private func has(_ id: String) async throws -> Bool {
        try await Tool.run(invocation(["cat-file", "-e", "\(id)^{tree}"])).status.isSuccess
    }

    /// Protects a commit from git's garbage collection.
    private func keep(_ id: String) async throws {
        try await git(["update-ref", Self.reference(id), id])
    }

    /// Releases a commit to git's garbage collection.
    func forget(_ id: String) async throws {
        try await git(["update-ref", "-d", Self.reference(id)])
    }

    // MARK: Reading

    /// Returns the content of a file of a commit; nil if there is none.
    func file(_ path: String, at id: String) async throws -> [UInt8]? {
        let completion = try await Tool.run(invocation(["cat-file", "blob", "\(id):\(path)"]))
        return completion.status.isSuccess ? completion.output : nil
    }

    /// Returns the id of a commit's tree; nil if the commit is not present.
    func tree(of id: String) async throws -> ObjectID? {
        let completion = try await Tool.run(
            invocation(["rev-parse", "--verify", "--quiet", "\(id)^{tree}"]))
        return completion.status.isSuccess ? ObjectID(hex: completion.text) : nil
    }

    /// Returns the gitlinks (commits of other repositories) in a tree, by path.
    func gitlinks(in tree: ObjectID) async throws -> [[UInt8]: ObjectID] {
        let completion = try await git(["ls-tree", "-r", "-z", "--full-tree", "\(tree)"])
        var links: [[UInt8]: ObjectID] = [:]
        for line in completion.output.split(separator: 0) {
            let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
            let words = parts.first?.split(separator: UInt8(ascii: " ")) ?? []
            guard parts.count == 2, words.count == 3, words[0].elementsEqual("160000".utf8),
                let id = ObjectID(hex: Array(words[2]))
            else { continue }
            links[Array(parts[1])] = id
        }
        return links
    }

    /// Writes all files of a commit to a tar archive, byte for byte as
    /// committed, with the commit's time.
    func archive(_ id: String, to archive: FilePath) async throws {
        let completion = try await Tool.run(
            invocation([
                "-c", "tar.umask=0022", "-c", "core.attributesFile=/dev/null", "archive",
                "--format=tar", "--output=\(archive)", id,
            ]))
        guard completion.status.isSuccess else { throw failed("read", completion) }
    }

    // MARK: Running git

    private var lockPath: FilePath { directory.removingLastComponent().appending(".git-lock") }

    @discardableResult
    private func git(_ arguments: [String]) async throws -> Completion {
        let completion = try await Tool.run(invocation(arguments))
        guard completion.status.isSuccess else { throw failed("read", completion) }
        return completion
    }

    private func invocation(_ arguments: [String]) -> Invocation {
        var environment = environment
        for (name, value) in Self.environment { environment[name] = value }
        return Invocation(
            "git",
            [
                "--git-dir=\(directory)", "-c", "gc.autoDetach=false", "-c",
                "core.hooksPath=/dev/null",
            ]
                + arguments,
            environment: environment)
    }

    /// Disables prompts, which nobody could answer, and transports that run a
    /// program named in a URL.
    private static let environment = [
        "LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": RepositorySource.schemes.joined(separator: ":"),
    ]

    private func failed(
        _ verb: String, _ completion: Completion, hints: [String] = []
    ) -> RepositoryError {
        RepositoryError(
            .fetch,
            "cannot \(verb) repository '\(name)' at '\(location)': \(Tool.reason(completion))",
            hints: hints)
    }
}
