internal import Glibc
package import SystemPackage

/// Who pushes, as far as the server can know.
///
/// Over ssh everybody may share the account that owns the repository; then the
/// one who let them in says who they are, by a variable that only the server
/// sets: `ZENTOO_PUSHER` (a forced command of sshd(8)), `GL_USER` (gitolite),
/// `REMOTE_USER` (a web server). A process of any other account is that
/// account, whatever its environment says: it could say anything.
package enum Pusher {
    /// The variables that are believed, the first that is set before others.
    static let variables = ["ZENTOO_PUSHER", "GL_USER", "REMOTE_USER"]

    /// Whoever this process acts for.
    ///
    /// - Parameters:
    ///   - environment: this process's.
    ///   - account: the name of this process's account.
    ///   - repository: whose owner's environment is believed.
    package static func name(
        environment: [String: String], account: String?, repository: FilePath
    ) -> String {
        var status = stat()
        let isOwner = stat(repository.string, &status) == 0 && status.st_uid == geteuid()
        let named =
            isOwner ? variables.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } : nil
        return word(named ?? account ?? "uid-\(geteuid())")
    }

    /// What stands in tags and lines: no blank, no control character, nothing
    /// git takes for an address.
    private static func word(_ text: String) -> String {
        let word = text.unicodeScalars.prefix(100).map { scalar -> Character in
            scalar.value <= 0x20 || scalar.value == 0x7f || "<>".unicodeScalars.contains(scalar)
                ? "_" : Character(scalar)
        }
        return word.isEmpty ? "unknown" : String(word)
    }
}
