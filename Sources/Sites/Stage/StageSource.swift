package import SystemPackage

/// The source of a stage.
package enum StageSource: Sendable, Hashable, CustomStringConvertible {
    /// The absolute path of a tar archive, compressed or not, or of a
    /// directory.
    case path(FilePath)
    /// A tar archive at an `http:`, `https:` or `file:` URL.
    case url(String)
    /// An archive in the pool, as created by `bootstrap`, identified by the
    /// digest that the lock pins; written `pool:` and the tuple that it was
    /// made from.
    case pool(tuple: String)
    /// An image in a registry, written `docker://` and docker's name for it.
    case image(ImageReference)

    /// Reads a source as users write it.
    ///
    /// - Parameters:
    ///   - text: the source.
    ///   - base: the directory that a relative path is relative to; nil if
    ///     relative paths are an error.
    /// - Throws: ``StageError`` for a scheme that is not supported, a relative
    ///   path without `base`, and text that cannot be a path.
    package init(_ text: String, relativeTo base: FilePath? = nil) throws {
        guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw StageError(.unsupported, "'\(text)' is not a valid source of a stage")
        }
        if let scheme = Self.scheme(of: text) {
            if scheme == "pool" {
                let tuple = String(text.dropFirst("pool:".count))
                guard Tuple.hasForm(tuple) else {
                    throw StageError(
                        .unsupported, "'\(text)' names no tuple",
                        hints: ["'git zentoo bootstrap TUPLE' makes the stage, and this line"])
                }
                self = .pool(tuple: tuple)
                return
            }
            if scheme == "docker" {
                guard text.hasPrefix("docker://"),
                    let image = ImageReference(String(text.dropFirst("docker://".count)))
                else {
                    throw StageError(
                        .unsupported, "'\(text)' names no image",
                        hints: [
                            "write 'docker://[HOST[:PORT]/]PATH[:TAG][@sha256:DIGEST]', "
                                + "as 'docker://gentoo/stage3:amd64-openrc'"
                        ])
                }
                self = .image(image)
                return
            }
            guard ["http", "https", "file"].contains(scheme) else {
                throw StageError(
                    .unsupported, "cannot fetch a stage from '\(text)': unknown scheme '\(scheme)'",
                    hints: ["give a path, an http, https or file URL, or 'docker://IMAGE'"])
            }
            self = .url(text)
            return
        }
        let path = FilePath(text)
        if path.isAbsolute {
            self = .path(path.lexicallyNormalized())
        } else if let base {
            self = .path(base.pushing(path).lexicallyNormalized())
        } else {
            throw StageError(
                .unsupported, "'\(text)' is a relative path",
                hints: ["write an absolute path or a URL"])
        }
    }

    /// Returns the scheme of a URL in lower case; nil for a path. `oci:name`
    /// has a scheme, a path with a colon after a slash does not.
    static func scheme(of text: String) -> String? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text.first?.isLetter == true
        else { return nil }
        let scheme = text[..<colon].lowercased()
        let isScheme = scheme.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || "+-.".utf8.contains(byte)
        }
        return isScheme ? scheme : nil
    }

    /// The last component of the path or URL, which `DIGESTS` files list; empty
    /// for other sources.
    package var fileName: String {
        switch self {
        case .path(let path): path.lastComponent?.string ?? ""
        case .pool, .image: ""
        case .url(let url):
            String(
                url.prefix { $0 != "?" && $0 != "#" }
                    .split(separator: "/", omittingEmptySubsequences: true).last ?? "")
        }
    }

    /// The source as written.
    package var description: String {
        switch self {
        case .path(let path): path.string
        case .url(let url): url
        case .pool(let tuple): "pool:\(tuple)"
        case .image(let image): "\(image)"
        }
    }
}
