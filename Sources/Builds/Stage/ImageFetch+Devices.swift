internal import Engines
internal import Exec
internal import Sites

extension ImageFetch {
    /// Rejects layers with devices if they cannot be created: umoci then
    /// silently creates empty files instead, and the tree would differ from one
    /// unpacked by root. Devices in `dev` are left out of every stage.
    ///
    /// - Throws: ``StageError``.
    func refuseDevices() async throws {
        guard privileges != .root else { return }
        for layer in try await layers() {
            let listing = try await Tool.run(
                Invocation(
                    "tar",
                    [
                        "--list", "--verbose", "--numeric-owner", "--anchored", "--exclude=dev/*",
                        "--exclude=./dev/*", "--exclude=/dev/*", "--file",
                        "\(Self.layout)/blobs/sha256/\(layer)",
                    ], workingDirectory: directory))
            guard listing.status.isSuccess else { throw unpackFailure(listing) }
            let device = listing.output.split(separator: UInt8(ascii: "\n")).first { line in
                line.first == UInt8(ascii: "b") || line.first == UInt8(ascii: "c")
            }
            guard let device else { continue }
            let name = String(decoding: device, as: UTF8.self).split(separator: " ").last ?? ""
            throw StageError(
                .unpack,
                "'\(image)' of stage '\(stage)' has the device '\(name)', which a plain user "
                    + "cannot make",
                hints: ["add the stage as root"])
        }
    }

    /// Returns the digests of the layers in the layout.
    private func layers() async throws -> [SHA256Digest] {
        let completion = try await skopeo([
            "inspect", "--format", "{{range .Layers}}{{println .}}{{end}}",
            "oci:\(Self.layout):stage",
        ])
        guard completion.status.isSuccess else { throw unpackFailure(completion) }
        return completion.text.split(whereSeparator: \.isWhitespace).compactMap { word in
            SHA256Digest(String(word.drop { $0 != ":" }.dropFirst()))
        }
    }
}
