/// Finds secrets in configuration files, by file name and content.
///
/// The result is meant for a warning: secrets in their usual notations are
/// found, text that only might be one is not reported.
enum SecretSearch {
    /// A secret without its file.
    struct Finding: Hashable {
        let line: Int?
        let kind: Secret.Kind
    }

    /// Returns the secrets of a file, at most one per line.
    static func findings(in path: String, _ bytes: [UInt8]) -> [Finding] {
        let text = bytes.contains(0) ? "" : String(decoding: bytes, as: UTF8.self)
        var found: [Finding] = []
        // A private key has many lines; only its first is reported.
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if let kind = kind(of: String(line)) {
                found.append(Finding(line: index + 1, kind: kind))
            }
        }
        if found.isEmpty, isKeyFile(path, text) { found.append(Finding(line: nil, kind: .keyFile)) }
        return found
    }

    // MARK: Names

    private static func isKeyFile(_ path: String, _ text: String) -> Bool {
        let components = path.split(separator: "/")
        guard let name = components.last?.lowercased() else { return false }
        if components.dropLast().contains("private-keys-v1.d") { return true }
        if keyNames.contains(name) || keySuffixes.contains(where: name.hasSuffix) { return true }
        // getuto(1) stores the passphrase of its key there.
        if components.suffix(2) == ["gnupg", "pass"] { return true }
        guard name.hasSuffix(".pem") || name.hasSuffix(".key") else { return false }
        return !text.contains("BEGIN CERTIFICATE") && !text.contains("PUBLIC KEY")
    }

    private static let keyNames: Set<String> = [
        "id_dsa", "id_ecdsa", "id_ed25519", "id_rsa", "secring.gpg",
    ]
    private static let keySuffixes = [".jks", ".p12", ".pfx"]

    // MARK: Text

    private static func kind(of line: String) -> Secret.Kind? {
        if line.contains("-----BEGIN"), line.contains("PRIVATE KEY") { return .privateKey }
        if hasCredentials(line) { return .credentials }
        return hasPassword(line) || isNetrc(line) ? .password : nil
    }

    /// Returns whether a line contains `scheme://user:password@host`. A
    /// variable in place of the password does not count.
    private static func hasCredentials(_ line: String) -> Bool {
        line.ranges(of: "://").contains { range in
            let authority = line[range.upperBound...].prefix {
                !$0.isWhitespace && !"/\"'<>".contains($0)
            }
            guard let at = authority.lastIndex(of: "@") else { return false }
            let user = authority[..<at]
            guard let colon = user.firstIndex(of: ":") else { return false }
            return isValue(user[user.index(after: colon)...])
        }
    }

    /// Returns whether a line contains `password = value`, in any spelling, as
    /// an assignment or an option.
    private static func hasPassword(_ line: String) -> Bool {
        guard line.first(where: { !$0.isWhitespace }) != "#" else { return false }
        let lower = line.lowercased()
        return keys.contains { key in
            lower.ranges(of: key).contains { range in
                let rest = lower[range.upperBound...].drop { $0 == " " || $0 == "\t" }
                guard rest.first == "=" else { return false }
                let value = rest.dropFirst().drop { $0.isWhitespace || $0 == "\"" || $0 == "'" }
                return isValue(value)
            }
        }
    }

    private static let keys = [
        "api_key", "apikey", "passphrase", "passwd", "password", "secret", "secret_key", "token",
    ]

    /// Returns whether a line is `machine HOST login USER password WORD`
    /// (netrc(5)).
    private static func isNetrc(_ line: String) -> Bool {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard ["machine", "default", "login", "password"].contains(words.first),
            let key = words.firstIndex(of: "password"), key + 1 < words.endIndex
        else { return false }
        return isValue(words[key + 1])
    }

    /// Returns whether a text is a value: neither empty nor a variable or
    /// placeholder.
    private static func isValue(_ text: some StringProtocol) -> Bool {
        guard let first = text.first else { return false }
        return !"$<#\\%".contains(first)
    }
}
