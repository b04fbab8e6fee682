internal import Glibc
internal import SystemPackage

/// The reason why an unprivileged user cannot create a user namespace with
/// subordinate ids; determined only after an attempt failed.
struct UserNamespaceDiagnosis: Hashable {
    /// The user's name, or number if it has no name.
    var user: String
    /// The user's number.
    var id: UInt32
    /// The text of `/etc/subuid` and of `/etc/subgid`; see subuid(5).
    var grants: [String]
    /// Whether newuidmap(1) and newgidmap(1) are installed.
    var hasMappers: Bool
    /// The assignments `name=value` for the kernel settings that currently
    /// forbid user namespaces; each allows them.
    var forbiddingSettings: [String]

    /// The number of ids a root may use besides 0: 1 to 65535.
    static let idsNeeded: UInt64 = 65535

    static func ofThisMachine() -> UserNamespaceDiagnosis {
        let id = geteuid()
        let name = getpwuid(id).flatMap { String(validatingCString: $0.pointee.pw_name) }
        let settings = [
            ("kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
            ("user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
            (
                "kernel/apparmor_restrict_unprivileged_userns", "1",
                "kernel.apparmor_restrict_unprivileged_userns=0"
            ),
        ]
        return UserNamespaceDiagnosis(
            user: name ?? String(id), id: id,
            grants: ["/etc/subuid", "/etc/subgid"].map { SmallFile.text(of: $0) ?? "" },
            hasMappers: ["newuidmap", "newgidmap"].allSatisfy { program in
                ["/usr/bin/", "/bin/", "/usr/local/bin/"].contains {
                    access($0 + program, X_OK) == 0
                }
            },
            forbiddingSettings: settings.compactMap { file, forbidding, allowing in
                let value = SmallFile.text(of: FilePath("/proc/sys/\(file)"))
                return value?.split(whereSeparator: \.isNewline).first.map(String.init)
                    == forbidding ? allowing : nil
            })
    }

    /// Returns an error for the first obstacle found, or else with the
    /// program's own message.
    func error(saying message: String) -> EngineError {
        if !hasMappers {
            return EngineError(
                .unavailable, "cannot find programs 'newuidmap' and 'newgidmap'",
                hints: ["apt install uidmap", "emerge sys-apps/shadow"])
        }
        if !grants.allSatisfy({ granted(in: $0) >= Self.idsNeeded }) {
            let first = firstFreeID
            let range = "\(first)-\(first + 65535)"
            return EngineError(
                .unavailable,
                "user '\(user)' has no \(Self.idsNeeded) ids in '/etc/subuid' and '/etc/subgid'",
                hints: ["usermod --add-subuids \(range) --add-subgids \(range) \(user)"])
        }
        if !forbiddingSettings.isEmpty {
            return EngineError(
                .unavailable, "the kernel forbids user namespaces to plain users",
                hints: forbiddingSettings.map { "sysctl \($0)" })
        }
        return EngineError(.unavailable, message)
    }

    private func granted(in text: String) -> UInt64 {
        IDGrants(text).runs(of: user, id: id, own: id).reduce(0) { $0 + $1.count }
    }

    /// The first id after all granted ranges, so that no two users share ids.
    private var firstFreeID: UInt64 { grants.map { IDGrants($0).end }.reduce(100_000, max) }
}
