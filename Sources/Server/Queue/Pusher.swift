internal import Glibc
package import SystemPackage

/// The name of the pusher, as far as the server can know it.
///
/// Over ssh all pushers may share the account that owns the repository. A
/// variable that only the server sets then names the pusher: `ZENTOO_PUSHER` (a
/// forced command of sshd(8)), `GL_USER` (gitolite), `REMOTE_USER` (a web
/// server). A process of any other account is identified by that account,
/// because its environment could claim anything.
package enum Pusher {
    /// The trusted variables; the first that is set is used.
    static let variables = ["ZENTOO_PUSHER", "GL_USER", "REMOTE_USER"]

    /// Returns the name of the pusher that this process acts for.
    ///
    /// - Parameters:
    ///   - environment: the environment of this process.
    ///   - account: the name of this process's account.
    ///   - repository: the repository; the environment is trusted if this
    ///     process runs as its owner.
    package static func name(
        environment: [String: String], account: String?, repository: FilePath
    ) -> String {
        var status = stat()
        let isOwner = stat(repository.string, &status) == 0 && status.st_uid == geteuid()
        let named =
            isOwner ? variables.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } : nil
        return word(named ?? account ?? "uid-\(geteuid())")
    }

    /// Makes a name safe for tags and lines: without blanks, control
    /// characters, and the characters that delimit an address in git.
    private static func word(_ text: String) -> String {
        let word = text.unicodeScalars.prefix(100).map { scalar -> Character in
            scalar.value <= 0x20 || scalar.value == 0x7f || "<>".unicodeScalars.contains(scalar)
                ? "_" : Character(scalar)
        }
        return word.isEmpty ? "unknown" : String(word)
    }
}
