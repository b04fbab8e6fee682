/// Something in a file that not everybody should read who can read the
/// repository.
package struct Secret: Sendable, Hashable, Codable {
    /// What it is.
    package enum Kind: String, Sendable, Hashable, Codable {
        /// A private key in text form.
        case privateKey = "private-key"
        /// A file that holds keys, by its name.
        case keyFile = "key-file"
        /// User and password in a URL.
        case credentials
        /// A password, token or passphrase.
        case password
    }

    /// The file, in the branch.
    package let file: String
    /// The line, counted from 1, where there is one.
    package let line: Int?
    /// What it is.
    package let kind: Kind
    /// Whether everybody on the machine it came from could read it.
    package let isWorldReadable: Bool

    /// What it is, in words.
    package var message: String {
        switch kind {
        case .privateKey: "a private key"
        case .keyFile: "a file of private keys, by its name"
        case .credentials: "a URL with a password"
        case .password: "a password"
        }
    }
}
