internal import Files
internal import Git
internal import Sites
internal import SystemPackage

/// The directory of a repository's hooks, and what is done in it.
struct HookDirectory {
    let path: FilePath

    /// Finds the directory of a bare repository.
    ///
    /// - Throws: ``ZentooError`` when other repositories may have it too: what
    ///   is installed there would speak for all of them.
    init(of gitDirectory: FilePath, _ configuration: Configuration) throws {
        let named = try configuration.path("core.hooksPath")
        // git-config(1): relative to where hooks run, which is here.
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
            // A link is somebody's own, wherever it leads.
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

    /// Where somebody else's hook is that the shim calls first.
    func local(_ hook: ServerHook) -> FilePath { path.appending("\(hook.rawValue).local") }

    /// - Throws: ``ZentooError`` when there are two hooks of somebody else's.
    func checkRoom(for hook: ServerHook) throws {
        let own = path.appending(hook.rawValue)
        guard try status(of: hook).state == .foreign, try FileStatus.of(local(hook)) != nil,
            // Ended between the two steps of install().
            try FileContent.read(own) != FileContent.read(local(hook))
        else { return }
        throw ZentooError(
            .exists, "there are two hooks to keep: '\(own)' and '\(local(hook))'",
            hints: ["make one of them, or remove one, and run 'git zentoo hook install' again"])
    }

    /// Puts the shim there. A stranger's hook gets the name under which the
    /// shim calls it; at no instant is there a push that it does not see.
    func install(_ hook: ServerHook) throws {
        try checkRoom(for: hook)
        let own = path.appending(hook.rawValue)
        try Directory.create(path)
        if try status(of: hook).state == .foreign, try FileStatus.of(local(hook)) == nil,
            try !FileContent.link(own, as: local(hook))
        {
            // No file here can have two names: then there is an instant, in
            // which a push runs no hook at all.
            try Directory.move(own, to: local(hook))
        }
        // For whoever pushes: git passes over a hook it may not run.
        try FileContent.write(
            hook.shim, to: own, permissions: FilePermissions(rawValue: 0o755), ignoresMask: true)
        try Directory.synchronize(path)
    }

    /// Takes the shim away; the hook that it called takes its place.
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
