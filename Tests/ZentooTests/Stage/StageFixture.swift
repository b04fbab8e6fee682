@testable import Builds
import Engines
import Exec
import Files
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// A directory for one test with a store, a small root file system for stages,
/// and keys; removed afterwards.
struct StageFixture {
    let directory: FilePath
    let store: StageStore
    /// A root with attributes that are easily lost: owners, a setuid bit, a
    /// capability, a hard link, a dangling link.
    let root: FilePath
    let name: ZentooName

    static func with(_ body: (StageFixture) async throws -> Void) async throws {
        let directory = try Directory.createTemporary(prefix: "/tmp/zentoo-stage-")
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(StageFixture(in: directory)))
        } catch {
            outcome = .failure(error)
        }
        try await Privileges.ofTests.removeTree(directory)
        try outcome.get()
    }

    private init(in directory: FilePath) async throws {
        self.directory = directory
        name = try ZentooName("tiny")
        store = StageStore(state: directory.appending("state"), privileges: .ofTests)
        root = directory.appending("root")
        for folder in ["etc", "usr/bin", "dev", "var/empty"] {
            try Directory.create(root.pushing(FilePath(folder)))
        }
        try write("NAME=tiny\n", "root/etc/os-release")
        try write("#!/bin/sh\n", "root/usr/bin/su")
        try await run("ln", ["root/etc/os-release", "root/etc/same"])
        try await run("ln", ["-s", "/nowhere/at all", "root/etc/link"])
        try await run("ln", ["-s", "usr/bin", "root/bin"])
        if Privileges.ofTests == .root {
            try await run("chown", ["250:251", "root/var/empty"])
            try await run("mknod", ["root/dev/null", "c", "1", "3"])
        }
        try await run("chmod", ["4711", "root/usr/bin/su"])
        try await run("touch", ["-d", "@1600000000.5", "root/etc/os-release"])
    }

    func path(_ relative: String) -> FilePath { directory.pushing(FilePath(relative)) }

    func write(_ text: String, _ relative: String) throws {
        try FileContent.write(Array(text.utf8), to: path(relative))
    }

    func read(_ path: FilePath) throws -> String? {
        try FileContent.read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Runs a program in the fixture's directory.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) async throws -> String {
        try await Invocation(program, arguments, workingDirectory: directory).run().orThrow().text
    }

    /// Creates an archive of the root.
    func archive(_ name: String = "stage.tar.xz", _ options: [String] = []) async throws -> FilePath
    {
        // Owned by root, as in published stages.
        let owner = Privileges.ofTests == .root ? [] : ["--owner=0", "--group=0"]
        try await run(
            "tar",
            owner + options + [
                "--auto-compress", "--xattrs", "--xattrs-include=*", "-C", "root", "-cf", name, ".",
            ])
        return path(name)
    }

    func add(
        _ path: FilePath, key: StageTrust.Key? = nil, locked: SHA256Digest? = nil
    ) async throws -> StagePin {
        try await store.add(
            name: name, source: .path(path), trust: StageTrust(key: key, locked: locked)
        ).pin
    }

    /// Returns the code of the error with which the add is refused, and checks that
    /// it left nothing behind.
    func refusal(
        _ path: FilePath, key: StageTrust.Key? = nil, locked: SHA256Digest? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> StageError.Code? {
        let error = await #expect(throws: StageError.self, sourceLocation: sourceLocation) {
            try await add(path, key: key, locked: locked)
        }
        try expectNothingBehind(sourceLocation: sourceLocation)
        return error?.code
    }

    /// Checks that neither a stage nor a partial one is left.
    func expectNothingBehind(sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(
            try Directory.names(in: path("state/stages")).map(\.string) == [".lock"],
            sourceLocation: sourceLocation)
    }
}
