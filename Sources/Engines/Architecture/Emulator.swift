internal import Glibc
internal import SystemPackage

/// An interpreter that the kernel starts for programs it cannot run itself; see
/// "Kernel Support for miscellaneous Binary Formats" in its documentation.
struct Emulator: Sendable, Hashable {
    /// The name of its registration: `qemu-aarch64`.
    let name: String
    /// Whether it also works in a root that does not contain its file: flag F.
    let isFixed: Bool

    private static let registry: FilePath = "/proc/sys/fs/binfmt_misc"

    /// Returns the emulator registered on this machine for programs that begin
    /// with these bytes.
    static func registered(for head: [UInt8]) -> Emulator? {
        let names = (try? Directory.names(in: registry)) ?? []
        return names.lazy.filter { $0 != "register" && $0 != "status" }.compactMap { name in
            SmallFile.text(of: registry.appending(name)).flatMap {
                Emulator(name: name, entry: $0, for: head)
            }
        }.first
    }

    /// Reads a registration. Returns nil if it is disabled or does not match
    /// such a program.
    init?(name: String, entry: String, for head: [UInt8]) {
        var values: [Substring: Substring] = [:]
        let lines = entry.split(separator: "\n")
        guard lines.first == "enabled" else { return nil }
        for line in lines.dropFirst() {
            let pair = line.split(separator: " ", maxSplits: 1)
            values[pair[0]] = pair.count > 1 ? pair[1] : ""
        }
        guard let magic = values["magic"].flatMap(Self.bytes), !magic.isEmpty,
            let offset = Int(values["offset"] ?? "0"), head.count >= offset + magic.count
        else { return nil }
        let mask = values["mask"].flatMap(Self.bytes) ?? magic.map { _ in 0xff }
        for index in magic.indices {
            let bits = index < mask.count ? mask[index] : 0xff
            guard head[offset + index] & bits == magic[index] & bits else { return nil }
        }
        self.name = name
        isFixed = values["flags:"]?.contains("F") ?? false
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        guard digits.utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        var rest = digits
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}

extension StageImage {
    /// Returns the emulator of the stage's processor on this machine; nil if
    /// the kernel runs the stage's programs natively or the architecture is
    /// unknown.
    ///
    /// - Throws: ``EngineError`` with code `unavailable` when there is no
    ///   usable emulator.
    func emulatorOfThisMachine() throws -> Emulator? {
        guard let head = programBeginning, let architecture = Architecture(programBeginning: head),
            !architecture.isNative(to: Self.thisMachine)
        else { return nil }
        guard let emulator = Emulator.registered(for: head) else {
            throw unrunnable(architecture, on: "this machine (\(Self.thisMachine))")
        }
        guard emulator.isFixed else {
            throw EngineError(
                .unavailable,
                "'\(emulator.name)' is registered without flag F, and not found in other roots",
                hints: ["register it with flag F: see binfmt.d(5), or reinstall qemu-user-static"])
        }
        return emulator
    }

    /// Returns the error for a machine that cannot run the stage.
    func unrunnable(_ architecture: Architecture, on machine: String) -> EngineError {
        EngineError(
            .unavailable,
            "\(machine) cannot run programs of stage '\(name)' (\(architecture.keyword))",
            hints: [
                "emerge app-emulation/qemu with QEMU_USER_TARGETS, USE=static-user, and binfmt",
                "apt install qemu-user-static binfmt-support",
            ])
    }

    private static var thisMachine: String {
        var names = utsname()
        uname(&names)
        return withUnsafeBytes(of: &names.machine) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
