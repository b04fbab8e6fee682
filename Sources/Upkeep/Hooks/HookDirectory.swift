internal import Files
internal import Git
internal import Sites
internal import SystemPackage

/// The directory of a repository's hooks, and the operations on it.
struct HookDirectory {
    let path: FilePath

    /// Finds the directory of a bare repository.
    ///
    /// - Throws: ``ZentooError`` when other repositories may use it too: hooks
    ///   installed there would run for all of them.
    init(of gitDirectory: FilePath, _ configuration: Configuration) throws {
        let named = try configuration.path("core.hooksPath")
        // git-config(1): relative to the directory where hooks run, which is
        // the git directory.
        path = gitDirectory.pushing(FilePath(named ?? "hooks")).lexicallyNormalized()
        guard path.starts(with: gitDirectory.lexicallyNormalized()) else {
            throw ZentooError(
                .unsupported,
                "the hooks are in '\(path)' (core.hooksPath), which is not this repository's own",
                hints: ["git -C '\(gitDirectory)' config core.hooksPath hooks"])
        }
        if try FileStatus.of(path)?.kind == .link {
            throw ZentooError(
                .unsupported, "'\(path)' is a link, and its hooks may be those of others",
                hints: ["put a directory in its place, with what shall stay in it"])
        }
    }

    func status(of hook: ServerHook) throws -> ServerHook.Status {
        let path = path.appending(hook.rawValue)
        var state = ServerHook.State.missing
        if let kind = try FileStatus.of(path)?.kind {
            // A link is a foreign hook, wherever it points.
            let text = kind == .file ? try FileContent.read(path) : nil
            switch text {
            case hook.shim?: state = .installed
            case let text? where ServerHook.isShim(text): state = .outdated
            default: state = .foreign
            }
        }
        let first = try FileStatus.of(local(hook)) == nil ? nil : local(hook).string
        return ServerHook.Status(hook: hook, path: path.string, state: state, first: first)
    }

    /// Returns the path of the foreign hook that the shim calls first.
    func local(_ hook: ServerHook) -> FilePath { path.appending("\(hook.rawValue).local") }

    /// Checks that a foreign hook can be renamed.
    ///
    /// - Throws: ``ZentooError`` when there are two foreign hooks.
    func checkRoom(for hook: ServerHook) throws {
        let own = path.appending(hook.rawValue)
        guard try status(of: hook).state == .foreign, try FileStatus.of(local(hook)) != nil,
            // Equal files: install() was interrupted between its two steps.
            try FileContent.read(own) != FileContent.read(local(hook))
        else { return }
        throw ZentooError(
            .exists, "there are two hooks to keep: '\(own)' and '\(local(hook))'",
            hints: ["make one of them, or remove one, and run 'git zentoo hook install' again"])
    }

    /// Installs the shim. A foreign hook gets the name under which the shim
    /// calls it; no push in the meantime bypasses it.
    func install(_ hook: ServerHook) throws {
        try checkRoom(for: hook)
        let own = path.appending(hook.rawValue)
        try Directory.create(path)
        if try status(of: hook).state == .foreign, try FileStatus.of(local(hook)) == nil,
            try !FileContent.link(own, as: local(hook))
        {
            // The file system has no hard links, so there is a moment in which
            // a push runs no hook at all.
            try Directory.move(own, to: local(hook))
        }
        // Executable by every pusher: git ignores a hook that it cannot
        // execute.
        try FileContent.write(
            hook.shim, to: own, permissions: FilePermissions(rawValue: 0o755), ignoresMask: true)
        try Directory.synchronize(path)
    }

    /// Removes the shim; the hook that it called takes its place.
    func remove(_ hook: ServerHook) throws {
        let own = path.appending(hook.rawValue)
        if try FileStatus.of(local(hook)) != nil {
            try Directory.move(local(hook), to: own)
        } else {
            try FileContent.remove(own)
        }
        try Directory.synchronize(path)
    }
}
