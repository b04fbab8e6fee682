/// The full name of a reference, such as `refs/heads/main`, valid according to
/// git-check-ref-format(1).
public struct RefName: Sendable, Hashable {
    private let text: String

    /// `HEAD`.
    public static let head = RefName(unchecked: "HEAD")

    /// Creates a name from a full name: one under `refs/`, or one like `HEAD`.
    ///
    /// - Throws: ``GitError`` when git would refuse it.
    public init(_ text: String) throws {
        guard Self.isValid(text) else {
            throw GitError(.invalidName, "'\(text)' is not a valid ref name")
        }
        self.text = text
    }

    init(unchecked text: String) {
        self.text = text
    }

    /// Returns `refs/heads/<name>`.
    ///
    /// - Throws: ``GitError`` when git would refuse it.
    public static func branch(_ name: String) throws -> RefName {
        // git-check-ref-format --branch refuses these in addition.
        guard name != "HEAD", !name.hasPrefix("-"), let ref = try? RefName(branchPrefix + name)
        else {
            throw GitError(.invalidName, "'\(name)' is not a valid branch name")
        }
        return ref
    }

    /// Returns `refs/remotes/<remote>/<branch>`.
    ///
    /// - Throws: ``GitError`` when git would refuse it.
    public static func remoteBranch(_ remote: String, _ branch: String) throws -> RefName {
        try RefName("refs/remotes/\(remote)/\(branch)")
    }

    /// Returns `refs/tags/<name>`.
    ///
    /// - Throws: ``GitError`` when git would refuse it.
    public static func tag(_ name: String) throws -> RefName {
        guard !name.hasPrefix("-"), let ref = try? RefName(tagPrefix + name) else {
            throw GitError(.invalidName, "'\(name)' is not a valid tag name")
        }
        return ref
    }

    /// Returns `refs/notes/<name>`.
    ///
    /// - Throws: ``GitError`` when git would refuse it.
    public static func notes(_ name: String) throws -> RefName {
        try RefName("refs/notes/\(name)")
    }

    /// The name of the local branch; nil for other references.
    public var branchName: String? { suffix(after: Self.branchPrefix) }

    /// The name of the tag; nil for other references.
    public var tagName: String? { suffix(after: Self.tagPrefix) }

    /// Returns the rest of the name after `prefix`; nil if it does not begin
    /// with it.
    public func suffix(after prefix: String) -> String? {
        guard text.utf8.starts(with: prefix.utf8) else { return nil }
        return String(Substring(text.utf8.dropFirst(prefix.utf8.count)))
    }

    private static let branchPrefix = "refs/heads/"
    private static let tagPrefix = "refs/tags/"

    /// Returns whether a name follows the rules of git-check-ref-format(1);
    /// comments give their numbers there.
    private static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let components = bytes.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        // 2: under refs/, or one of the pseudorefs beside it.
        if components.count == 1 {
            return !bytes.isEmpty
                && bytes.allSatisfy {
                    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || $0 == UInt8(ascii: "_")
                }
        }
        guard text.hasPrefix("refs/"), !text.hasSuffix(".") else { return false }  // 7
        for component in components {
            // 1 and 6: no component is empty, so there is no leading, trailing
            // or double slash.
            guard let first = component.first, first != UInt8(ascii: "."),
                !component.suffix(5).elementsEqual(".lock".utf8)
            else { return false }
        }
        let hasForbidden = bytes.contains {
            $0 < 0x20 || $0 == 0x7f || forbidden.contains($0)  // 4, 5, 10
        }
        return !hasForbidden && !contains(bytes, "..") && !contains(bytes, "@{")  // 3, 8
    }

    private static let forbidden = Array(#" ~^:?*[\"#.utf8)

    private static func contains(_ bytes: [UInt8], _ pair: StaticString) -> Bool {
        zip(bytes, bytes.dropFirst()).contains {
            $0 == pair.utf8Start[0] && $1 == pair.utf8Start[1]
        }
    }
}

extension RefName: CustomStringConvertible {
    /// The full name.
    public var description: String { text }
}

extension RefName: Comparable {
    /// Compares the bytes, as git sorts references.
    public static func < (one: RefName, other: RefName) -> Bool {
        one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
    }
}
