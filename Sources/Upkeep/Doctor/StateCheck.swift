internal import Builds
internal import Files
package import Sites
internal import SystemPackage

/// The check that a state directory is suitable for builds. Each of its
/// directories that is on a file system of its own is checked separately.
package struct StateCheck: Sendable {
    let state: StateDirectory

    /// Creates a check of a machine's state directory.
    package init(_ state: StateDirectory) { self.state = state }

    /// The space in bytes that a desktop's package set needs; a small set may
    /// need less.
    private static let littleSpace: Int64 = 10 << 30
    /// The space in bytes that any build needs.
    private static let noSpace: Int64 = 1 << 30
    /// The same for directories that hold only text files.
    private static let littleText: Int64 = 1 << 30
    private static let noText: Int64 = 64 << 20
    /// The directories that hold packages, sources or roots.
    private static let large: Set<String> = [
        "state", "jobs", "pool", "distfiles", "stages", "bootstraps",
    ]
    /// File systems that overlayfs(5) does not accept as upper layer.
    private static let unfit: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "9p", "overlay", "vfat", "exfat", "fuse", "fuseblk",
        "fuse.sshfs", "squashfs",
    ]

    /// Returns one finding for each file system.
    package func findings() -> [Finding] {
        let state = StateDirectory.Place(
            name: "state", path: state.path, setting: "zentoo.state")
        var groups: [(device: UInt64?, places: [StateDirectory.Place])] = []
        for place in [state] + self.state.places {
            do {
                let system = try FileSystem.of(place.path)
                let isThere = try FileStatus.of(place.path, followingLinks: true) != nil
                // A missing directory below the state directory will be created
                // on the same file system.
                if !isThere, place != state, place.path.starts(with: self.state.path) { continue }
                if isThere, let index = groups.firstIndex(where: { $0.device == system.device }) {
                    groups[index].places.append(place)
                } else {
                    groups.append((isThere ? system.device : nil, [place]))
                }
            } catch {
                return [
                    Finding(
                        .fail, place.name, "\(error)", hints: ["git config \(place.setting) DIR"])
                ]
            }
        }
        return groups.map { finding($0.places) }
    }

    /// - Parameter places: directories on one file system.
    private func finding(_ places: [StateDirectory.Place]) -> Finding {
        let first = places[0]
        // Directories on the state directory's file system are not listed.
        let subject =
            first.name == "state" ? first.name : places.map(\.name).joined(separator: ", ")
        let elsewhere = ["git config \(first.setting) DIR"]
        do {
            let system = try FileSystem.of(first.path)
            let name = system.type ?? "unknown file system"
            let space =
                "\(name), \(Self.amount(system.available)) of \(Self.amount(system.size)) free"
            guard try FileStatus.of(first.path, followingLinks: true) != nil else {
                return Finding(
                    .ok, subject, "'\(first.path)' is made when it is needed (\(space))")
            }
            if system.isReadOnly {
                return Finding(.fail, subject, "'\(first.path)' is read-only", hints: elsewhere)
            }
            for place in places {
                guard try FileStatus.of(place.path, followingLinks: true) != nil else { continue }
                let probe = place.path.appending(".doctor")
                try FileContent.write([], to: probe)
                try FileContent.remove(probe)
            }
            if places.contains(where: { $0.name == "jobs" || $0.name == "state" }),
                Self.unfit.contains(try FileSystem.of(state.jobs).type ?? ""),
                try FileSystem.of(state.jobs).device == system.device
            {
                return Finding(
                    .fail, subject, "'\(first.path)' is on \(name), which takes no overlay",
                    hints: elsewhere)
            }
            let isLarge = places.contains { Self.large.contains($0.name) }
            if system.available < (isLarge ? Self.noSpace : Self.noText) || !system.takesFiles {
                let files = system.takesFiles ? "" : ", no more files"
                return Finding(
                    .fail, subject, "'\(first.path)' is nearly full: \(space)\(files)",
                    hints: ["free space there, or: \(elsewhere[0])"])
            }
            return system.available < (isLarge ? Self.littleSpace : Self.littleText)
                ? Finding(
                    .warn, subject, "'\(first.path)' has little space: \(space)",
                    hints: ["free space there, or: \(elsewhere[0])"])
                : Finding(.ok, subject, "'\(first.path)': \(space)")
        } catch {
            return Finding(.fail, subject, "\(error)", hints: elsewhere)
        }
    }

    private static func amount(_ bytes: Int64) -> String {
        bytes >= 1 << 30 ? "\(bytes >> 30) GiB" : "\(bytes >> 20) MiB"
    }
}
