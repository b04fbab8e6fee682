internal import Files
package import Git
internal import Sites
package import SystemPackage

/// The lock files of references that a killed process left behind: nobody
/// else removes them, and the reference cannot be moved while they are there.
package struct AbandonedLocks {
    /// Whose references the locks are of.
    package let repository: Repository

    /// Looks in a repository's own directory.
    package init(repository: Repository) { self.repository = repository }

    /// Who is alive holds a lock for milliseconds; git itself gives up waiting
    /// for one after a second (`core.packedRefsTimeout` in git-config(1)).
    static let longestHeld = 10

    /// Removes the locks that a dead build of this name may have held; waits
    /// for young ones to be old enough, so that the next command can rely on
    /// it.
    ///
    /// - Parameter series: what it was a build of; nil when it never said.
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

    /// All lock files below a directory of references; none where it is not there.
    package func locks(below directory: FilePath) throws -> [FilePath] {
        guard try FileStatus.of(directory)?.kind == .directory else { return [] }
        return try Directory.names(in: directory).flatMap { name in
            let path = directory.appending(name)
            return name.extension == "lock" ? [path] : try locks(below: path)
        }
    }

    /// Removes a lock when it is old enough, and waits until it is or is gone.
    package func remove(_ path: FilePath) async throws {
        while try !removeIfOld(path) {
            // Another process may take and leave it in the meantime; then it
            // is younger at the next look, or gone.
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Removes a lock that is old already.
    ///
    /// - Returns: whether it is gone; false for one that somebody may hold.
    @discardableResult
    package func removeIfOld(_ path: FilePath) throws -> Bool {
        guard let lock = try FileStatus.of(path) else { return true }
        let age = Int(Timestamp.now.seconds) - lock.modified
        guard age >= Self.longestHeld else { return false }
        try FileContent.remove(path)
        return true
    }
}
