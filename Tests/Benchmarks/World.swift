import Exec
import Files
import Git
import SystemPackage

/// The place where the races run: its own directory, an environment without
/// settings of the user, and the programs.
struct World {
    let directory: FilePath
    /// The program that is measured.
    let zentoo: FilePath
    /// This program, for the parts of git-zentoo inside longer commands.
    let own: FilePath
    /// The directory in which the benchmark was started: the source tree, with the
    /// demo.
    let source: FilePath
    let environment: [String: String]

    init(directory: FilePath, zentoo: FilePath, own: FilePath, source: FilePath) {
        self.source = source
        self.directory = directory
        self.zentoo = zentoo
        self.own = own
        environment = [
            "PATH": Invocation.basicEnvironment["PATH"] ?? "/usr/bin:/bin",
            "HOME": directory.string, "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": Self.somebody.name, "GIT_AUTHOR_EMAIL": Self.somebody.email,
            "GIT_COMMITTER_NAME": Self.somebody.name, "GIT_COMMITTER_EMAIL": Self.somebody.email,
        ]
    }

    static let somebody = Signature(
        name: "A U Thor", email: "author@example.com", seconds: 1_700_000_000)

    /// Returns a program that is measured.
    func program(
        _ command: [String], in directory: FilePath, input: FilePath? = nil
    ) -> Program {
        Program(command: command, environment: environment, directory: directory, input: input)
    }

    /// Returns a command of git-zentoo that is measured.
    func zentoo(_ arguments: String..., in directory: FilePath) -> Program {
        program([zentoo.string] + arguments, in: directory)
    }

    /// Runs a command that is not measured.
    @discardableResult
    func run(_ command: String..., in directory: FilePath? = nil) async throws -> Completion {
        try await Invocation(
            command[0], Array(command.dropFirst()), environment: environment,
            workingDirectory: directory ?? self.directory
        ).run().orThrow()
    }

    /// Returns whether a program is installed.
    func has(_ program: String) -> Bool {
        SearchPath(environment["PATH"] ?? "").find(program) != nil
    }

    /// Fills a copy of a repository on a file system in memory and copies it back:
    /// recording thousands of builds one by one is not part of the measurement.
    func filling(
        _ repository: FilePath,
        _ body: (_ copy: FilePath, _ pack: () async throws -> Void)
            async throws -> Void
    ) async throws {
        let memory = FilePath("/dev/shm/\(directory.lastComponent?.string ?? "")")
        try await run("mkdir", "-p", memory.string)
        let copy = memory.appending("filling.git")
        do {
            try await run("cp", "-a", repository.string, copy.string)
            // Packs only the loose objects, so that the time does not grow; replaced
            // objects would fill the memory.
            try await body(copy) {
                try await run("git", "repack", "-d", "-q", in: copy)
                try await run("git", "prune", "--expire=now", in: copy)
            }
            // No other process uses the copy, so that replaced objects can be pruned.
            try await run("git", "gc", "--quiet", "--prune=now", in: copy)
            try await run("rm", "-rf", repository.string)
            try await run("cp", "-a", copy.string, repository.string)
        } catch {
            try await run("rm", "-rf", memory.string)
            throw error
        }
        try await run("rm", "-rf", memory.string)
    }

    /// Creates a bare repository and commits files to its branches.
    func repository(
        _ name: String, branches: [String: [String: String]]
    ) throws -> FilePath {
        let path = directory.appending("\(name).git")
        let repository = try Repository.create(at: path, bare: true, initialBranch: "main")
        for (branch, files) in branches {
            let changes = try files.sorted { $0.key < $1.key }.map { path, text in
                TreeChange.put(TreePath(path), .file, try repository.writeBlob(text.utf8))
            }
            let commit = try repository.createCommit(
                tree: repository.editTree(base: nil, changes), parents: [],
                author: Self.somebody, message: branch)
            try repository.set(RefName.branch(branch), to: commit, expecting: .absent)
        }
        return path
    }
}
