internal import Sites

/// The key of the pool: everything that decides the content of a binary package
/// but that Portage never compares.
package struct Flavour: Sendable, Hashable, Codable {
    /// The name of the first directory level below the pool.
    package let chost: String
    /// The name of the second level: the first digits of a digest of the
    /// inputs.
    package let id: String
    /// Each input with its value, to explain how two flavours differ.
    package let inputs: [String: String]
    /// Whether the stage's Portage itself compares user patches when it reuses
    /// a package; if not, they are inputs.
    package let comparesPatches: Bool

    /// The number of digits of the digest in a directory's name, enough to
    /// avoid collisions.
    private static let idLength = 16

    /// Parses the output of `flavour.py`.
    ///
    /// - Throws: ``ZentooError`` when it has another format, or when CHOST is
    ///   not a valid directory name.
    package init(reading bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        var inputs: [String: String] = [:]
        var header: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            guard fields.count == 2 else { continue }
            if Self.headerNames.contains(String(fields[0])) {
                header[String(fields[0])] = String(fields[1])
            } else {
                inputs[String(fields[0])] = String(fields[1])
            }
        }
        let chost = header["chost", default: ""]
        let isName =
            !chost.isEmpty && !chost.hasPrefix(".")
            && chost.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._-".utf8.contains(byte)
                }
            }
        guard isName else {
            throw ZentooError(
                .mistakes, "CHOST '\(chost)' is not a machine's name",
                hints: ["set CHOST in the cpu fragment, for example CHOST=\"x86_64-pc-linux-gnu\""])
        }
        guard let digest = SHA256Digest(header["digest", default: ""]) else {
            throw ZentooError(.damaged, "a flavour without its digest")
        }
        self.chost = chost
        comparesPatches = header["compares-patches"] == "1"
        self.inputs = inputs
        id = String(digest.description.prefix(Self.idLength))
    }

    private static let headerNames: Set<String> = ["chost", "compares-patches", "digest"]

    /// The directory below the pool.
    package var path: String { "\(chost)/\(id)" }

    /// Returns the inputs in which two flavours differ, with both values.
    package func differences(from other: Flavour) -> [(
        input: String, ours: String?, theirs: String?
    )] {
        Set(inputs.keys).union(other.inputs.keys).sorted()
            .filter { inputs[$0] != other.inputs[$0] }
            .map { ($0, inputs[$0], other.inputs[$0]) }
    }
}
