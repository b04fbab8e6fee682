internal import Files
internal import SystemPackage

/// The file system that has the least space of those that a state directory
/// lies on.
public struct FullPlace: Sendable, Hashable, Codable {
    /// The directory that builds use there.
    public let directory: String
    /// Where the file system is mounted, where that is known.
    public let mountPoint: String?
    /// What the kernel calls it, as `tmpfs`.
    public let fileSystem: String?
    /// Bytes that may still be written.
    public let available: Int64
    /// Bytes in all.
    public let size: Int64
    /// The setting that puts the directory elsewhere.
    public let setting: String

    /// Looks at one directory; nil where it cannot be looked at.
    init?(of directory: FilePath, setting: String) {
        guard let system = try? FileSystem.of(directory), system.size > 0 else { return nil }
        self.directory = directory.string
        mountPoint = system.mountPoint?.string
        fileSystem = system.type
        available = system.takesFiles ? system.available : 0
        size = system.size
        self.setting = setting
    }

    /// Looks for it among the directories of `state`; nil when none can be looked
    /// at.
    static func fullest(of state: StateDirectory) -> FullPlace? {
        // The first of several on one file system.
        state.places.compactMap { FullPlace(of: $0.path, setting: $0.setting) }
            .min { $0.available < $1.available }
    }

    /// In a line.
    public var description: String {
        let kind = fileSystem.map { "\($0) " } ?? "file system "
        let place = mountPoint.map { "mounted on '\($0)'" } ?? "of unknown place"
        return "'\(directory)' lies on the \(kind)\(place), which has "
            + "\(available >> 20) MiB of \(size >> 20) MiB free"
    }

    /// What to do about it.
    public var hints: [String] {
        ["free space there, or use another directory: git config \(setting) DIR"]
    }
}

extension StateDirectory {
    /// A directory that builds write to, and the setting that says where it is.
    struct Place: Hashable {
        let name: String
        let path: FilePath
        let setting: String
    }

    /// Where jobs have their roots, which is where they need the most.
    var jobs: FilePath { path.appending("jobs") }

    /// The directories that builds write to: any of them may be a file system of
    /// its own.
    var places: [Place] {
        [
            ("jobs", jobs, "zentoo.state"), ("pool", pool, "zentoo.pool"),
            ("distfiles", distfiles, "zentoo.distdir"),
            ("stages", path.appending("stages"), "zentoo.state"),
            ("results", results, "zentoo.state"), ("logs", logs, "zentoo.state"),
            ("cache", cache, "zentoo.state"), ("ccache", ccache, "zentoo.state"),
            ("repos", path.appending("repos"), "zentoo.state"),
            ("roots", roots, "zentoo.state"),
            ("bootstraps", path.appending("bootstraps"), "zentoo.state"),
            ("locks", locks, "zentoo.state"),
        ].map { Place(name: $0, path: $1, setting: $2) }
    }
}
