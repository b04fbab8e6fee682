internal import CGit2

/// A person or program with a point in time.
public struct Signature: Sendable, Hashable {
    /// The name of the person or program.
    public let name: String
    /// The email address.
    public let email: String
    /// Seconds since 1970-01-01 00:00:00 UTC.
    public let seconds: Int64
    /// The offset of the time zone in minutes east of UTC.
    public let offset: Int32

    /// Creates a signature; `seconds` since the epoch, `offset` in minutes east
    /// of UTC.
    public init(name: String, email: String, seconds: Int64, offset: Int32 = 0) {
        self.name = name
        self.email = email
        self.seconds = seconds
        self.offset = offset
    }

    /// Returns the same person at another time.
    public func at(seconds: Int64, offset: Int32 = 0) -> Signature {
        Signature(name: name, email: email, seconds: seconds, offset: offset)
    }
}

extension Signature: CustomStringConvertible {
    /// The signature as git stores it: `Name <address> seconds +hhmm`.
    public var description: String {
        let minutes = offset.magnitude
        let hours = minutes / 60 * 100 + minutes % 60
        let digits = String(hours)
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "\(name) <\(email)> \(seconds) \(offset < 0 ? "-" : "+")\(padded)"
    }
}

extension Signature {
    init(_ signature: UnsafePointer<git_signature>) {
        let value = signature.pointee
        self.init(
            name: value.name.map { String(cString: $0) } ?? "",
            email: value.email.map { String(cString: $0) } ?? "",
            seconds: value.when.time, offset: value.when.offset)
    }

    /// Checks that git can read an object with this signature.
    ///
    /// - Throws: ``GitError`` when name or address are empty or contain `<`,
    ///   `>` or a control character such as a line end.
    func validate() throws {
        for text in [name, email] {
            let isBroken = text.utf8.contains {
                $0 < 0x20 || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">")
            }
            if text.isEmpty || isBroken {
                throw GitError(
                    .invalid, "'\(name) <\(email)>' is not a valid identity",
                    hints: [
                        "git config --global user.name 'Your Name'",
                        "git config --global user.email you@example.com",
                    ])
            }
        }
    }

    func withRaw<Result>(
        _ body: (UnsafePointer<git_signature>) throws -> Result
    ) throws -> Result {
        try validate()
        var pointer: UnsafeMutablePointer<git_signature>?
        try check(
            git_signature_new(&pointer, name, email, seconds, offset),
            "cannot use identity '\(name) <\(email)>'")
        guard let pointer else { throw GitError(.other(-1), "cannot use identity '\(name)'") }
        defer { git_signature_free(pointer) }
        return try body(pointer)
    }
}
