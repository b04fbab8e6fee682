internal import Exec
internal import Glibc
internal import Synchronization
public import SystemPackage
public import Testing

/// Running programs for arm64 on a machine of another architecture.
public enum Emulation {
    private static let prepared = FilePath("\(#filePath)").removingLastComponent()
        .removingLastComponent().removingLastComponent().appending(".build/demo")

    /// Debian's busybox for arm64, fetched by `config/demo/prepare`.
    public static let busybox = prepared.appending("busybox-arm64")
    /// The demo's stage for arm64, created by `config/demo/prepare`.
    public static let stage = prepared.appending("stage-arm64.tar.zst")

    /// Whether this machine can emulate arm64 and has both files.
    public static let isAvailable =
        geteuid() == 0 && access(program, X_OK) == 0 && access(busybox.string, R_OK) == 0
        && access(stage.string, R_OK) == 0

    private static let program = "/usr/bin/qemu-aarch64-static"
    private static let registry: FilePath = "/proc/sys/fs/binfmt_misc"
    /// The name of our registration, which replaces the distribution's.
    private static let name = "zentoo-tests-aarch64"

    /// The entry of qemu's own scripts: elf(5), 64 bits, little-endian, EM_AARCH64.
    /// Flag P keeps argv[0], from which busybox determines its applet.
    private static let entry =
        #":\#(name):M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"#
        + #":\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:"#
        + "\(program):PF"

    /// The number of suites that use it now.
    private static let users = Mutex(0)

    fileprivate static func begin() async throws {
        let door = registry.appending("register")
        if access(door.string, W_OK) != 0 {
            try await Invocation("mount", ["-t", "binfmt_misc", "none", registry.string])
                .run().orThrow()
        }
        try users.withLock { users in
            if users == 0, access(registry.appending(name).string, F_OK) != 0 {
                try write(entry, to: door)
            }
            users += 1
        }
    }

    fileprivate static func end() throws {
        try users.withLock { users in
            users -= 1
            if users == 0 { try write("-1", to: registry.appending(name)) }
        }
    }

    private static func write(_ text: String, to path: FilePath) throws {
        let file = try FileDescriptor.open(path, .writeOnly)
        _ = try file.closeAfter { try file.writeAll(text.utf8) }
    }
}

/// Lets the kernel run programs for arm64 while a suite runs.
public struct EmulationTrait: SuiteTrait, TestScoping {
    /// See `TestScoping`.
    public func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await Emulation.begin()
        do {
            try await function()
        } catch {
            try? Emulation.end()
            throw error
        }
        try Emulation.end()
    }
}

extension Trait where Self == EmulationTrait {
    /// Programs for arm64 can be run.
    public static var emulation: Self { EmulationTrait() }
}
