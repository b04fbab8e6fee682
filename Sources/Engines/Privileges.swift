public import Exec
internal import Glibc
public import SystemPackage

/// How this process can act on files that belong to other ids than its own:
/// those of a stage and those a build leaves behind.
///
/// An unprivileged user acts in a user namespace in which its own id is 0 and
/// the ids that `/etc/subuid` and `/etc/subgid` grant it are 1 and up; see
/// user_namespaces(7) and newuidmap(1).
public enum Privileges: Sendable, Hashable {
    /// As root, without a user namespace.
    case root
    /// As root of a user namespace, which the launcher creates: the git-zentoo
    /// program, which calls ``NamespaceLauncher``.
    case userNamespace(launcher: FilePath)

    /// Returns the privileges of this process.
    ///
    /// - Parameter launcher: the git-zentoo program.
    public static func current(launcher: FilePath) -> Privileges {
        geteuid() == 0 ? .root : .userNamespace(launcher: launcher)
    }

    /// Returns an invocation of the same program that can act on all ids of a
    /// root.
    ///
    /// Each such invocation gets a user namespace of its own; the ids on disk
    /// are the same for all of them.
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

    /// Checks, by trying, whether ``wrap(_:)`` works here.
    ///
    /// - Throws: ``EngineError`` with code `unavailable` that names what is
    ///   missing and how to fix it.
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

    /// Removes a directory with all its contents, of any owner.
    ///
    /// Nothing outside it is touched: if a symbolic link is in place of the
    /// directory, or anything is mounted on it or in it, an error is thrown and
    /// nothing is removed. A directory that does not exist counts as removed.
    ///
    /// A cancelled task removes it as well, since this is how tasks clean up.
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
            Invocation("rm", ["-rf", "--one-file-system", "--", try Self.textual(path).string]))
        // A separate task, awaited at once, is the only protection from
        // cancellation that the language offers.
        let removal = try await Task { try await invocation.run(limit: 1 << 20) }.value
        guard removal.status.isSuccess else {
            throw EngineError(
                .setup,
                "cannot remove '\(path)': \(ExecError.lastLine(of: removal.errors))")
        }
    }

    /// Restores ownership and permissions of a directory and its contents after
    /// a job that may have changed them: owned by this process, readable and
    /// writable by it, not writable by others, files without setuid or setgid
    /// bits. Symbolic links are not followed.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    public func reclaim(_ path: FilePath) async throws {
        let words =
            [path.string, "-xdev", "!", "-type", "l", "("]
            + ["!", "-uid", "0", "-o", "!", "-perm", "-u=rw", "-o", "-perm", "/4002", "-o"]
            + ["-type", "f", "-perm", "/7022", "-o", "-type", "d", "!", "-perm", "-u=rwx", ")"]
            + ["-exec", "chown", "0:0", "{}", ";"]
            + ["-exec", "chmod", "u=rwX,go=rX", "{}", ";"]
        let result = try await wrap(Invocation("find", words)).run(limit: 1 << 20)
        guard result.status.isSuccess else {
            throw EngineError(
                .setup, "cannot take '\(path)' back: \(ExecError.lastLine(of: result.errors))")
        }
    }

    /// Returns a path of the directory that can be an argument: a directory
    /// whose path is not UTF-8 is moved to the nearest parent whose path is.
    private static func textual(_ path: FilePath) throws -> FilePath {
        func isText(_ path: FilePath) -> Bool { FilePath(path.string) == path }
        guard !isText(path) else { return path }
        var parent = path.removingLastComponent()
        while !isText(parent) { parent.removeLastComponent() }
        let place = parent.appending(".removed-\(UInt64.random(in: .min ... .max))")
        let result = path.withPlatformString { old in
            place.withPlatformString { rename(old, $0) }
        }
        guard result == 0 else {
            throw EngineError(.setup, "cannot remove '\(path)': \(Errno(rawValue: errno))")
        }
        return place
    }
}

extension ExecError {
    /// Returns the last line of a program's output, for a one-line message.
    static func lastLine(of bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .last.map(String.init) ?? "it said nothing"
    }
}
