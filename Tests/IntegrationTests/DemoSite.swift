import Exec
import Files
import Git
import SystemPackage
import TestSupport
import Testing

/// A repository with the demo's site. Everything that its commands read and
/// write except the stage is in one directory.
struct DemoSite: Sendable {
    /// The directory.
    let root: FilePath
    /// The environment of every program of the test.
    var environment: [String: String]
    /// The user that runs them; if nil, the user that runs the tests.
    var user: String?

    /// A bare repository, as on a server.
    var repository: FilePath { root.appending("site.git") }
    /// `zentoo.state`.
    var state: FilePath { root.appending("state") }
    /// The directory of binary packages.
    var pool: FilePath { state.appending("pool") }

    private init(root: FilePath) throws {
        self.root = root
        environment = try TemporaryRepository.hermeticEnvironment(home: root)
        environment["PATH", default: ""].insert(
            contentsOf: "\(DemoWorkshop.programs):", at: "".startIndex)
    }

    /// Package sets whose builds take as little time as possible.
    static let sets = [
        "tool": "dev-util/text2c\n",
        "bells": "app-admin/bell\ndev-util/text2c\n",
        "broken": "dev-util/text2c\ndev-util/fickle\n",
        "missing": "dev-util/text2c\ndev-util/nonesuch\n",
    ]

    static let tuples = """
        x86-64-v3-base-default-admin
        x86-64-v3-base-plain-tool
        x86-64-v2-base-plain-tool
        x86-64-v3-base-plain-bells
        x86-64-v3-base-plain-broken
        x86-64-v3-base-plain-missing

        """

    /// Creates the demo's site: cpus, sets, the branch `portage/base`, and two
    /// buildhooks branches: `default`, and `plain` without hooks.
    static func create(at root: FilePath, stages: FilePath) async throws -> DemoSite {
        let site = try DemoSite(root: root)
        try Directory.create(site.state)
        try Directory.create(stages)
        _ = try Repository.create(at: site.repository, bare: true, initialBranch: "main")
        try await site.git("config", "zentoo.state", site.state.string)
        try await run("ln", "-s", stages.string, "\(site.state)/stages")
        try await run("cp", "-r", DemoWorkshop.distfiles.string, "\(site.state)/distfiles")

        var files = [
            "config/tuples": tuples,
            "config/stages": "demo \(DemoWorkshop.stage)\n",
            "config/repos": "zentoo-demo \(DemoWorkshop.demo)/repository\n",
        ]
        for (name, packages) in sets { files["config/portage/sets/\(name)"] = packages }
        for (folder, target) in [("cpu", "config/cpu"), ("sets", "config/portage/sets")] {
            let folder = DemoWorkshop.demo.appending(folder)
            for name in try Directory.names(in: folder) {
                files["\(target)/\(name)"] = try Processes.text(of: folder.appending(name))
            }
        }
        try site.change("main", files)
        try site.change("buildhooks/plain", ["README": "Nothing to do.\n"])
        try await site.zentoo("portage", "import", "base", "\(DemoWorkshop.demo)/portage/base")
            .orThrow()
        try await site.zentoo(
            "buildhooks", "import", "default", "\(DemoWorkshop.demo)/buildhooks/default"
        ).orThrow()
        try await site.zentoo("stage", "add", "demo").orThrow()
        try await site.zentoo("sync").orThrow()
        return site
    }

    /// Returns an independent copy of the site.
    func copy(to root: FilePath) async throws -> DemoSite {
        try await Self.run("cp", "-a", self.root.string, root.string)
        var site = try DemoSite(root: root)
        site.environment = environment.merging(["HOME": root.string]) { $1 }
        try await site.git("config", "zentoo.state", site.state.string)
        return site
    }

    /// Hands the site over to a user, and copies to a directory of that user what
    /// only root can read: the owners in a stage differ for each user.
    mutating func handOver(to user: String) async throws {
        let stages = try await DemoWorkshop.stages(of: user)
        let source = root.appending("source")
        try Directory.create(source)
        try await Self.run(
            "cp", "-rL", DemoWorkshop.stage.string, "\(DemoWorkshop.demo)/repository",
            "\(DemoWorkshop.programs)/git-zentoo", source.string)
        try change(
            "main",
            [
                "config/stages": "demo \(source)/stage.tar.zst\n",
                "config/repos": "zentoo-demo \(source)/repository\n",
            ])
        try await Self.run("ln", "-sfn", stages.string, "\(state)/stages")
        try await Self.run("chown", "-R", "\(user):", root.removingLastComponent().string)
        self.user = user
        environment["PATH", default: ""].insert(contentsOf: "\(source):", at: "".startIndex)
    }

    @discardableResult
    static func run(_ program: String, _ arguments: String...) async throws -> Completion {
        try await Invocation(program, arguments).run().orThrow()
    }
}

// MARK: Commands

extension DemoSite {
    /// Runs plain git and returns its output without the last newline.
    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        try await invocation("git", arguments).run().orThrow().text
    }

    /// Runs `git zentoo`, as a user would.
    func zentoo(_ arguments: String...) async throws -> CommandResult {
        try await zentoo(arguments)
    }

    /// Runs `git zentoo`, as a user would.
    func zentoo(_ arguments: [String]) async throws -> CommandResult {
        let completion = try await invocation("git", ["zentoo"] + arguments).run()
        return CommandResult(
            output: String(decoding: completion.output, as: UTF8.self),
            errors: String(decoding: completion.errors, as: UTF8.self),
            status: completion.status.shellStatus)
    }

    func invocation(_ program: String, _ arguments: [String]) -> Invocation {
        var words = [program] + arguments
        if let user {
            words.insert(
                contentsOf: ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--"],
                at: 0)
        }
        return Invocation(
            words[0], Array(words.dropFirst()), environment: environment,
            workingDirectory: repository)
    }

    /// Commits files to a branch; nil removes one.
    func change(
        _ branch: String, _ files: [String: String?], executable: Bool = false
    ) throws {
        let repository = try Repository.open(repository)
        let name = try RefName.branch(branch)
        let parent = try repository.resolve(name)
        let changes = try files.sorted { $0.key < $1.key }.map { path, content in
            guard let content else { return TreeChange.remove(TreePath(path)) }
            return .put(
                TreePath(path), executable ? .executable : .file,
                try repository.writeBlob(Array(content.utf8)))
        }
        let tree = try repository.editTree(
            base: parent.map { try repository.commit($0).tree }, changes)
        let commit = try repository.createCommit(
            tree: tree, parents: parent.map { [$0] } ?? [],
            author: TemporaryRepository.signature, message: "change \(branch)\n")
        try repository.set(name, to: commit, expecting: parent.map { .value($0) } ?? .absent)
    }

    /// Returns the digest at which the site pins a stage. The stores of stages also
    /// hold those of other tests and of earlier runs.
    func stageDigest(_ name: String) async throws -> String {
        try #require(try await stageDigests()[name])
    }

    /// Returns the digests at which the site pins its stages.
    func stageDigests() async throws -> [String: String] {
        var digests: [String: String] = [:]
        for line in try await text("main", "config/zentoo.lock").split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2, words[0] == "stage", words[2].hasPrefix("sha256:") else {
                continue
            }
            digests[String(words[1])] = String(words[2].dropFirst("sha256:".count))
        }
        return digests
    }

    /// Returns the text of a file on a branch.
    func text(_ branch: String, _ path: String) async throws -> String {
        try await git("cat-file", "blob", "\(branch):\(path)") + "\n"
    }
}

extension CommandResult {
    /// Returns itself if the command succeeded.
    @discardableResult
    func orThrow() throws -> CommandResult {
        guard status == 0 else { throw CommandFailure(result: self) }
        return self
    }
}

/// A command that a test depends on failed.
struct CommandFailure: Error, CustomStringConvertible {
    let result: CommandResult

    var description: String { "\(result)" }
}
