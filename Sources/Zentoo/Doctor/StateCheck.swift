internal import Files
internal import SystemPackage

/// Whether a state directory can hold what builds put there.
public struct StateCheck: Sendable {
    let state: StateDirectory

    /// Looks at a machine's state directory.
    public init(_ state: StateDirectory) { self.state = state }

    /// A desktop's set does not build in less; a small one may.
    private static let littleSpace: Int64 = 10 << 30
    /// No build gets far in less.
    private static let noSpace: Int64 = 1 << 30
    /// File systems that overlayfs(5) does not take as upper layer.
    private static let unfit: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "9p", "overlay", "vfat", "exfat", "fuse", "fuseblk",
        "fuse.sshfs", "squashfs",
    ]

    /// What is found.
    public func findings() -> [Finding] {
        let place = "\(state.path)"
        let elsewhere = ["git config zentoo.state DIR"]
        do {
            let system = try FileSystem.of(state.path)
            let name = system.type ?? "unknown file system"
            let space =
                "\(name), \(system.available >> 30) GiB of \(system.size >> 30) GiB free"
            guard try FileStatus.of(state.path, followingLinks: true) != nil else {
                return [
                    Finding(.ok, "state", "'\(place)' is made when it is needed (\(space))")
                ]
            }
            if system.isReadOnly {
                return [Finding(.fail, "state", "'\(place)' is read-only", hints: elsewhere)]
            }
            let probe = state.path.appending(".doctor")
            try FileContent.write([], to: probe)
            try FileContent.remove(probe)
            if Self.unfit.contains(name) {
                return [
                    Finding(
                        .fail, "state", "'\(place)' is on \(name), which takes no overlay",
                        hints: elsewhere)
                ]
            }
            if system.available < Self.noSpace {
                return [
                    Finding(
                        .fail, "state", "'\(place)' is nearly full: \(space)",
                        hints: ["git zentoo gc"] + elsewhere)
                ]
            }
            return [
                system.available < Self.littleSpace
                    ? Finding(
                        .warn, "state", "'\(place)' has little space: \(space)",
                        hints: ["git zentoo gc"])
                    : Finding(.ok, "state", "'\(place)': \(space)")
            ]
        } catch {
            return [Finding(.fail, "state", "\(error)", hints: elsewhere)]
        }
    }
}
