/// A secret in a file that not all readers of the repository should know.
package struct Secret: Sendable, Hashable, Codable {
    /// The kinds of secrets.
    package enum Kind: String, Sendable, Hashable, Codable {
        /// A private key in text form.
        case privateKey = "private-key"
        /// A file of keys, recognized by its name.
        case keyFile = "key-file"
        /// A user and password in a URL.
        case credentials
        /// A password, token or passphrase.
        case password
    }

    /// The path of the file in the branch.
    package let file: String
    /// The line, counted from 1, if there is one.
    package let line: Int?
    /// The kind of secret.
    package let kind: Kind
    /// Whether all users of the machine it came from could read it.
    package let isWorldReadable: Bool

    /// The kind in words.
    package var message: String {
        switch kind {
        case .privateKey: "a private key"
        case .keyFile: "a file of private keys, by its name"
        case .credentials: "a URL with a password"
        case .password: "a password"
        }
    }
}
