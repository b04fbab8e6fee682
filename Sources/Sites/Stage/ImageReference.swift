/// A reference to an image in a registry, as docker writes it:
/// `[HOST[:PORT]/]PATH[:TAG][@sha256:DIGEST]`.
///
/// The grammar is that of the distribution project (its package `reference`).
/// No valid reference can be taken for an option or for another transport.
package struct ImageReference: Sendable, Hashable, CustomStringConvertible {
    /// The host and path as written: `gentoo/stage3`.
    let repository: String
    /// The tag, which can be moved to another image.
    let tag: String?
    /// The digest of the manifest, which always identifies the same image.
    package let digest: SHA256Digest?

    private init(repository: String, tag: String?, digest: SHA256Digest?) {
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// Reads a reference; returns nil if it is invalid.
    ///
    /// - Parameter text: the reference without `docker://`.
    init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        var name = parts[0]
        if parts.count == 2 {
            guard parts[1].hasPrefix(Self.algorithm),
                let digest = SHA256Digest(String(parts[1].dropFirst(Self.algorithm.count)))
            else { return nil }
            self.digest = digest
        } else {
            digest = nil
        }
        // A colon before the last slash precedes a port.
        let last = name.lastIndex(of: "/") ?? name.startIndex
        if let colon = name[last...].lastIndex(of: ":") {
            tag = String(name[name.index(after: colon)...])
            name = name[..<colon]
        } else {
            tag = nil
        }
        repository = String(name)
        guard tag.map(Self.isTag) ?? true, name.utf8.count <= Self.longestName,
            host.map(Self.isHost) ?? true,
            path.split(separator: "/", omittingEmptySubsequences: false)
                .allSatisfy(Self.isComponent)
        else { return nil }
    }

    private static let algorithm = "sha256:"
    private static let longestName = 255

    /// Returns a reference to the same image by its digest, which cannot change
    /// its meaning. The tag is kept to show which image was chosen.
    package func pinned(to digest: SHA256Digest) -> ImageReference {
        ImageReference(
            repository: repository, tag: tag ?? (self.digest == nil ? "latest" : nil),
            digest: digest)
    }

    /// The host and path with the defaults that docker adds to a name without a
    /// host.
    package var fullRepository: String {
        if host != nil { return repository }
        return "docker.io/" + (repository.contains("/") ? "" : "library/") + repository
    }

    /// The image as skopeo(1) takes it, with the digest if there is one: skopeo
    /// refuses a tag together with a digest.
    package var locator: String {
        "docker://\(fullRepository)"
            + (digest.map { "@\(Self.algorithm)\($0)" } ?? ":\(tag ?? "latest")")
    }

    /// The reference as written, with `docker://`.
    package var description: String {
        "docker://\(repository)" + (tag.map { ":\($0)" } ?? "")
            + (digest.map { "@\(Self.algorithm)\($0)" } ?? "")
    }

    // MARK: Grammar

    /// The part before the first slash if it can be a host: in a path of
    /// docker.io that part has neither a dot nor a port.
    private var host: Substring? {
        guard let slash = repository.firstIndex(of: "/") else { return nil }
        let first = repository[..<slash]
        let isHost =
            first == "localhost" || first.contains(".") || first.contains(":")
            || first.contains(where: \.isUppercase)
        return isHost ? first : nil
    }

    private var path: Substring {
        host.map { repository[$0.endIndex...].dropFirst() } ?? repository[...]
    }

    private static func isHost(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return false }
        if parts.count == 2 {
            guard (1...5).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy(isDigit) else {
                return false
            }
        }
        return parts[0].split(separator: ".", omittingEmptySubsequences: false)
            .allSatisfy { label in
                label.utf8.first.map(isAlphanumeric) ?? false
                    && label.utf8.last.map(isAlphanumeric) ?? false
                    && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            }
    }

    /// Returns whether a text consists of lower-case letters and digits with
    /// `.`, `_`, `__` or hyphens between them.
    private static func isComponent(_ text: Substring) -> Bool {
        let separators = text.utf8.split(whereSeparator: isLowercaseOrDigit)
        return (text.utf8.first.map(isLowercaseOrDigit) ?? false)
            && (text.utf8.last.map(isLowercaseOrDigit) ?? false)
            && separators.allSatisfy { separator in
                let text = Substring(separator)
                return [".", "_", "__"].contains(text) || text.allSatisfy { $0 == "-" }
            }
    }

    private static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
        return (isAlphanumeric(first) || first == UInt8(ascii: "_"))
            && text.utf8.allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowercaseOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
