internal import Glibc

/// The platform of an image, as docker writes it: `linux/amd64`,
/// `linux/arm/v7`.
package struct ImagePlatform: Sendable, Hashable, CustomStringConvertible {
    /// The architecture, by Go's name.
    package let architecture: String
    /// The variant of the processor, such as `v7` of `arm`.
    package let variant: String?

    /// Reads `[linux/]ARCHITECTURE[/VARIANT]`, with the names of Go or of
    /// uname(1).
    ///
    /// - Throws: ``StageError`` if it is not a platform, or one of another
    ///   system.
    package init(_ text: String) throws {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isWritten = parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                        || byte == UInt8(ascii: "_")
                }
        }
        // 'arm64' alone is an architecture, 'arm/v7' has a variant.
        if parts.count == 1 || (parts.count == 2 && parts[0] != "linux" && parts[1].hasPrefix("v"))
        {
            parts.insert("linux", at: 0)
        }
        guard isWritten, (2...3).contains(parts.count), parts[1] != "linux" else {
            throw StageError(
                .unsupported, "'\(text)' is not a platform",
                hints: ["write 'linux/ARCHITECTURE', as 'linux/amd64' or 'linux/arm/v7'"])
        }
        guard parts[0] == "linux" else {
            throw StageError(
                .unsupported, "'\(text)' is of system '\(parts[0])', and a stage is of Linux")
        }
        architecture = Self.names[parts[1]] ?? parts[1]
        variant = parts.count == 3 ? parts[2] : nil
    }

    private init(architecture: String) {
        self.architecture = architecture
        variant = nil
    }

    /// The platform of this machine's kernel.
    package static let ofThisMachine: ImagePlatform = {
        var names = utsname()
        uname(&names)
        let machine = withUnsafePointer(to: &names.machine) { field in
            field.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
        }
        return ImagePlatform(architecture: Self.names[machine] ?? machine)
    }()

    /// Go's names where they differ from the kernel's.
    private static let names = [
        "x86_64": "amd64", "i386": "386", "i486": "386", "i586": "386", "i686": "386",
        "aarch64": "arm64", "armv5tel": "arm", "armv6l": "arm", "armv7l": "arm", "armv8l": "arm",
        "loongarch64": "loong64",
    ]

    /// The platform as docker writes it.
    package var description: String {
        (["linux", architecture] + (variant.map { [$0] } ?? [])).joined(separator: "/")
    }
}
