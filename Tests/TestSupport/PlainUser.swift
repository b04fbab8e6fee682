internal import Glibc
internal import SystemPackage

/// The unprivileged user that tests become if root runs them.
public enum PlainUser {
    /// The first user with subordinate ids in `/etc/subuid`.
    public static let name: String? = {
        let grants = (try? Processes.text(of: "/etc/subuid")) ?? ""
        let owners = grants.split(separator: "\n").map { String($0.prefix { $0 != ":" }) }
        return owners.first { getpwnam($0).map { $0.pointee.pw_uid >= 1000 } ?? false }
    }()
}
