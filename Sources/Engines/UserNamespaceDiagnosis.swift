internal import Glibc
internal import SystemPackage

/// Why a plain user cannot have a user namespace with ids of its own; asked
/// only after trying has failed.
struct UserNamespaceDiagnosis: Hashable {
    /// The user's name, or number where it has none.
    var user: String
    /// The user's number.
    var id: UInt32
    /// The text of `/etc/subuid` and of `/etc/subgid`; see subuid(5).
    var grants: [String]
    /// Whether newuidmap(1) and newgidmap(1) are installed.
    var hasMappers: Bool
    /// The kernel settings that forbid user namespaces, as `name=value` that
    /// allows them.
    var forbiddingSettings: [String]

    /// How many ids a root may use beside 0: up to 65535.
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

    /// The first obstacle found, or what the program itself said.
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

    /// Behind all that is granted to anybody, so that no two users share ids.
    private var firstFreeID: UInt64 { grants.map { IDGrants($0).end }.reduce(100_000, max) }
}
