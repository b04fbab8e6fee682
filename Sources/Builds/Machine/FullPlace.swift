internal import Files
package import Sites
package import SystemPackage

/// The file system with the least space of those that a state directory uses.
package struct FullPlace: Sendable, Hashable, Codable {
    /// The directory on it that builds use.
    package let directory: String
    /// The mount point of the file system, if known.
    package let mountPoint: String?
    /// The kernel's name of its type, for example `tmpfs`.
    package let fileSystem: String?
    /// The bytes that can still be written.
    package let available: Int64
    /// The total bytes.
    package let size: Int64
    /// The setting that moves the directory.
    package let setting: String

    /// Checks one directory. Returns nil if it cannot be read.
    init?(of directory: FilePath, setting: String) {
        guard let system = try? FileSystem.of(directory), system.size > 0 else { return nil }
        self.directory = directory.string
        mountPoint = system.mountPoint?.string
        fileSystem = system.type
        available = system.takesFiles ? system.available : 0
        size = system.size
        self.setting = setting
    }

    /// Returns the fullest place of the directories of `state`; nil if none can
    /// be read.
    static func fullest(of state: StateDirectory) -> FullPlace? {
        // `min` returns the first of several directories on one file system.
        state.places.compactMap { FullPlace(of: $0.path, setting: $0.setting) }
            .min { $0.available < $1.available }
    }

    /// A one-line description.
    package var description: String {
        let kind = fileSystem.map { "\($0) " } ?? "file system "
        let place = mountPoint.map { "mounted on '\($0)'" } ?? "of unknown place"
        return "'\(directory)' lies on the \(kind)\(place), which has "
            + "\(available >> 20) MiB of \(size >> 20) MiB free"
    }

    /// Hints for the user.
    package var hints: [String] {
        ["free space there, or use another directory: git config \(setting) DIR"]
    }
}

extension StateDirectory {
    /// A directory that builds write to, and the setting that moves it.
    package struct Place: Hashable {
        /// Its purpose, in one word.
        package let name: String
        /// Its path; it may not exist yet.
        package let path: FilePath
        /// The git config key that moves it.
        package let setting: String

        /// Creates a place.
        package init(name: String, path: FilePath, setting: String) {
            self.name = name
            self.path = path
            self.setting = setting
        }
    }

    /// The directory of the jobs' roots, which need the most space.
    package var jobs: FilePath { path.appending("jobs") }

    /// The directories that builds write to: any of them can be a separate file
    /// system.
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
