public import Exec
internal import Glibc
public import SystemPackage

/// How this process may act on files that belong to other ids than its own:
/// those of a stage, and those a build leaves behind.
///
/// A plain user acts in a user namespace in which its own id is 0 and the ids
/// that `/etc/subuid` and `/etc/subgid` grant it are 1 and up; see
/// user_namespaces(7) and newuidmap(1).
public enum Privileges: Sendable, Hashable {
    /// As root, directly.
    case root
    /// As root of a user namespace, which the launcher makes: the git-zentoo
    /// program, which calls ``NamespaceLauncher``.
    case userNamespace(launcher: FilePath)

    /// What this process has.
    ///
    /// - Parameter launcher: the git-zentoo program.
    public static func current(launcher: FilePath) -> Privileges {
        geteuid() == 0 ? .root : .userNamespace(launcher: launcher)
    }

    /// The same program with the power to act on all ids of a root.
    ///
    /// Each such program gets a user namespace of its own; what it leaves on
    /// disk is the same for all of them.
    public func wrap(_ invocation: Invocation) -> Invocation {
        switch self {
        case .root: return invocation
        case .userNamespace(let launcher):
            var wrapped = invocation
            wrapped.program = launcher.string
            wrapped.arguments =
                [NamespaceLauncher.flag, invocation.program] + invocation.arguments
            return wrapped
        }
    }

    /// Finds out, by trying, whether ``wrap(_:)`` works here.
    ///
    /// - Throws: ``EngineError`` with code `unavailable` that names what is
    ///   missing and how to mend it.
    public func check() async throws {
        guard self != .root else { return }
        let probe: Completion
        do {
            probe = try await wrap(Invocation("true")).run(limit: 1 << 16)
        } catch let error as ExecError {
            throw EngineError(.unavailable, "\(error)")
        }
        guard !probe.status.isSuccess else { return }
        let said = ExecError.lastLine(of: probe.errors)
        throw UserNamespaceDiagnosis.ofThisMachine().error(
            saying: said.hasPrefix("fatal: ") ? String(said.dropFirst(7)) : said)
    }

    /// Removes a directory with all that is in it, whoever owns it.
    ///
    /// Nothing is followed out of it: a symbolic link in place of the
    /// directory, and anything mounted on it or in it, is an error and
    /// nothing is removed. A directory that is not there is removed already.
    ///
    /// A task that is cancelled removes as well: this is how it cleans up.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    public func removeTree(_ path: FilePath) async throws {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else {
            let error = Errno(rawValue: errno)
            if error == .noSuchFileOrDirectory { return }
            throw EngineError(.setup, "cannot remove '\(path)': \(error)")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw EngineError(.setup, "cannot remove '\(path)': not a directory")
        }
        if let mounted = try MountTable.ofThisProcess().first(within: path) {
            throw EngineError(
                .setup, "cannot remove '\(path)': something is mounted on '\(mounted)'",
                hints: ["umount '\(mounted)'"])
        }
        let invocation = wrap(
            Invocation("rm", ["-rf", "--one-file-system", "--", path.string]))
        // A task of its own, awaited at once, is the one shield from
        // cancellation that the language has.
        let removal = try await Task { try await invocation.run(limit: 1 << 20) }.value
        guard removal.status.isSuccess else {
            throw EngineError(
                .setup,
                "cannot remove '\(path)': \(ExecError.lastLine(of: removal.errors))")
        }
    }
}

extension ExecError {
    /// What a program said last, for a message of one line.
    static func lastLine(of bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .last.map(String.init) ?? "it said nothing"
    }
}
