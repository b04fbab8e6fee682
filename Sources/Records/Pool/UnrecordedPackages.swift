internal import Files
internal import Sites
package import SystemPackage

/// Packages in a PKGDIR that a build has written but not recorded: those of a
/// build that was killed, or that is about to record them.
///
/// Each such build has a note of its packages beside the PKGDIR, where no job
/// can write, until they are recorded.
package enum UnrecordedPackages {
    private static let prefix = "left-"

    /// Ends the writing of a build, running or dead: notes the packages that
    /// were added since it started as its own, and removes its marker.
    ///
    /// The caller must hold the lock of the PKGDIR.
    package static func keep(in path: FilePath) throws {
        let marker = PackageDirectory.marker(of: path)
        if let left = try left(in: path), !left.paths.isEmpty {
            let place = place(of: left.build, in: path)
            // A bootstrap writes more than once.
            let earlier = try FileContent.read(place).flatMap { WriterNote($0)?.paths } ?? []
            let note = WriterNote(
                build: left.build, result: left.result,
                paths: Set(left.paths + earlier).sorted())
            try FileContent.write(note.bytes, to: place)
        }
        try FileContent.remove(marker)
    }

    /// Returns the packages left by a writer whose marker still exists.
    private static func left(in path: FilePath) throws -> WriterNote? {
        guard let bytes = try FileContent.read(PackageDirectory.marker(of: path)),
            let note = WriterNote(bytes), note.result != nil
        else { return nil }
        return WriterNote(
            build: note.build, result: note.result,
            paths: try added(since: note, in: path).filter { isExpected($0, in: path, by: note) }
                .sorted())
    }

    private static func added(since note: WriterNote, in path: FilePath) throws -> [String] {
        let before = Set(note.paths)
        return try PackageDirectory.sizes(in: path).keys.filter { !before.contains($0) }
    }

    private static func isExpected(
        _ name: String, in path: FilePath, by note: WriterNote
    ) -> Bool {
        let part = PackageDirectory.name(of: path)
        return note.expected.isEmpty
            || PoolPath("\(part)/\(name)").map { note.expected.contains("\($0.cpv)") } == true
    }

    /// Marks packages of a build as recorded, by path below the PKGDIR; the
    /// note keeps the other existing packages.
    package static func forget(
        _ build: BuildID, recorded: some Sequence<String>, in path: FilePath
    ) throws {
        let place = place(of: build, in: path)
        guard let note = try FileContent.read(place).flatMap({ WriterNote($0) }) else { return }
        let known = Set(recorded)
        let rest = try note.paths.filter {
            try !known.contains($0) && FileStatus.of(path.appending($0)) != nil
        }
        guard !rest.isEmpty else { return try forget(build, in: path) }
        try FileContent.write(
            WriterNote(build: build, result: note.result, paths: rest).bytes, to: place)
    }

    /// Removes the note of a build.
    static func forget(_ build: BuildID, in path: FilePath) throws {
        try FileContent.remove(place(of: build, in: path))
    }

    /// Returns the notes of builds, oldest first, including that of a writer
    /// whose marker still exists.
    ///
    /// The caller must hold the lock of the PKGDIR.
    package static func notes(in path: FilePath) throws -> [WriterNote] {
        let parent = path.removingLastComponent()
        let own = PackageDirectory.beside(path, suffix: prefix).lastComponent?.string ?? ""
        var notes = try Directory.names(in: parent).filter { $0.string.hasPrefix(own) }
            .compactMap { try FileContent.read(parent.appending($0)).flatMap { WriterNote($0) } }
        if let left = try left(in: path) { notes.append(left) }
        return notes.sorted { $0.build < $1.build }
    }

    private static func place(of build: BuildID, in path: FilePath) -> FilePath {
        PackageDirectory.beside(path, suffix: "\(prefix)\(build)")
    }
}
