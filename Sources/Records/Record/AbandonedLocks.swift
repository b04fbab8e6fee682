internal import Files
package import Git
internal import Sites
package import SystemPackage

/// The lock files of references that a killed process left behind. No other
/// process removes them, and they block every update of the reference.
package struct AbandonedLocks {
    /// The repository of the references.
    package let repository: Repository

    /// Creates a value for the references in a repository's common directory.
    package init(repository: Repository) { self.repository = repository }

    /// Seconds after which a lock is abandoned. A live process holds one for
    /// milliseconds; git itself gives up waiting after a second
    /// (`core.packedRefsTimeout` in git-config(1)).
    static let longestHeld = 10

    /// Removes the locks that a dead build with this reference may have held.
    /// Waits until recent ones are old enough, so that the next command finds
    /// none.
    ///
    /// - Parameter series: the series of the build; nil if it is not known.
    func remove(of building: RefName, _ series: BuildSeries?) async throws {
        var names = ["\(building)", "\(try RefName.notes(RecordNotes.name))"]
        names += [Whence.referenceName, "packed-refs"]
        if let latest = try series?.latest() { names.append("\(latest)") }
        var paths = names.map { repository.commonDirectory.appending($0 + ".lock") }
        if let series {
            let tags = repository.commonDirectory.appending("refs/tags/\(series.tagPrefix)")
            paths += try Directory.names(in: tags).filter { $0.extension == "lock" }
                .map { tags.appending($0) }
        }
        for path in paths { try await remove(path) }
    }

    /// Returns all lock files below a directory of references; none if the
    /// directory does not exist.
    package func locks(below directory: FilePath) throws -> [FilePath] {
        guard try FileStatus.of(directory)?.kind == .directory else { return [] }
        return try Directory.names(in: directory).flatMap { name in
            let path = directory.appending(name)
            return name.extension == "lock" ? [path] : try locks(below: path)
        }
    }

    /// Waits until a lock is old enough, then removes it. Returns early if it
    /// no longer exists.
    package func remove(_ path: FilePath) async throws {
        while try !removeIfOld(path) {
            // Another process may take and release the lock in the meantime;
            // the next check then finds a newer lock or none.
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Removes a lock if it is old enough.
    ///
    /// - Returns: whether no lock is left; false if a process may hold it.
    @discardableResult
    package func removeIfOld(_ path: FilePath) throws -> Bool {
        guard let lock = try FileStatus.of(path) else { return true }
        let age = Int(Timestamp.now.seconds) - lock.modified
        guard age >= Self.longestHeld else { return false }
        try FileContent.remove(path)
        return true
    }
}
