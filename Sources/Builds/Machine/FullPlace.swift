internal import Files
package import Sites
package import SystemPackage

/// The file system that has the least space of those that a state directory
/// lies on.
package struct FullPlace: Sendable, Hashable, Codable {
    /// The directory that builds use there.
    package let directory: String
    /// Where the file system is mounted, where that is known.
    package let mountPoint: String?
    /// What the kernel calls it, as `tmpfs`.
    package let fileSystem: String?
    /// Bytes that may still be written.
    package let available: Int64
    /// Bytes in all.
    package let size: Int64
    /// The setting that puts the directory elsewhere.
    package let setting: String

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
    package var description: String {
        let kind = fileSystem.map { "\($0) " } ?? "file system "
        let place = mountPoint.map { "mounted on '\($0)'" } ?? "of unknown place"
        return "'\(directory)' lies on the \(kind)\(place), which has "
            + "\(available >> 20) MiB of \(size >> 20) MiB free"
    }

    /// What to do about it.
    package var hints: [String] {
        ["free space there, or use another directory: git config \(setting) DIR"]
    }
}

extension StateDirectory {
    /// A directory that builds write to, and the setting that says where it is.
    package struct Place: Hashable {
        /// What it is for, in a word.
        package let name: String
        /// Where it lies; it need not be there yet.
        package let path: FilePath
        /// The key of git config that moves it.
        package let setting: String

        /// A directory and what moves it.
        package init(name: String, path: FilePath, setting: String) {
            self.name = name
            self.path = path
            self.setting = setting
        }
    }

    /// Where jobs have their roots, which is where they need the most.
    package var jobs: FilePath { path.appending("jobs") }

    /// The directories that builds write to: any of them may be a file system of
    /// its own.
    package var places: [Place] {
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
