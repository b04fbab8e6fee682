internal import Files
internal import Git
internal import SystemPackage

/// The lock files of references that a killed process left behind: nobody
/// else removes them, and the reference cannot be moved while they are there.
struct AbandonedLocks {
    let repository: Repository

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

    private func remove(_ path: FilePath) async throws {
        while let lock = try FileStatus.of(path) {
            let age = Int(Timestamp.now.seconds) - lock.modified
            if age >= Self.longestHeld { return try FileContent.remove(path) }
            // Another process may take and leave it in the meantime; then it
            // is younger at the next look, or gone.
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
