internal import Builds
internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// The leftovers of killed processes in the state directory besides jobs and
/// results: locks of ended builds, incomplete stages and repositories,
/// temporary files.
struct StateLeftovers {
    let state: StateDirectory

    init(_ state: StateDirectory) { self.state = state }

    /// One leftover.
    struct Leftover: Hashable {
        let path: FilePath
        /// A short description.
        let name: String
    }

    /// The maximum time in seconds that a file is written to before it is
    /// renamed into place.
    static let longestWrite = 600

    /// Returns the leftovers that are not in use.
    ///
    /// - Throws: `FileError`.
    func all() throws -> [Leftover] { try locks() + incoming() + checks() + temporaryFiles() }

    /// Removes the leftovers.
    ///
    /// - Returns: the paths that were removed.
    /// - Throws: `FileError`, `EngineError`.
    func remove(by privileges: Privileges) async throws -> [String] {
        var removed: [String] = []
        for leftover in try all() {
            let name = leftover.path.lastComponent?.string ?? ""
            if UnfinishedPlaces.build(ofNote: name) != nil { continue }
            switch try FileStatus.of(leftover.path)?.kind {
            case nil: continue
            case .directory where name.hasPrefix(IncomingArea.prefix):
                // Checked again under its lock.
                try await IncomingArea(
                    parent: leftover.path.removingLastComponent(), privileges: privileges
                ).sweep()
                if try FileStatus.of(leftover.path) != nil { continue }
            case .directory: try await privileges.removeTree(leftover.path)
            default:
                // For a lock, ``BuildLife`` makes sure that it is not held.
                if let build = BuildLife.build(ofLock: leftover.path),
                    try BuildLife.isRunning(build, in: state)
                {
                    continue
                }
                try FileContent.remove(leftover.path)
            }
            removed.append(leftover.path.string)
        }
        return removed
    }

    /// Returns the locks of builds that ended after recording everything, and
    /// the notes of unfinished directories.
    private func locks() throws -> [Leftover] {
        try Directory.names(in: state.locks).compactMap { name in
            let path = state.locks.appending(name)
            if let build = BuildLife.build(ofLock: path) {
                return try BuildLife.isHeld(build, in: state)
                    ? nil : Leftover(path: path, name: "lock of build \(build)")
            }
            // ``Recovery`` removes these directories together with the note.
            if let build = UnfinishedPlaces.build(ofNote: name.string),
                try !BuildLife.isHeld(build, in: state)
            {
                return Leftover(path: path, name: "what build \(build) had not finished")
            }
            return nil
        }
    }

    private func incoming() throws -> [Leftover] {
        let repositories = state.path.appending("repos")
        var parents = [state.path.appending("stages")]
        parents += try Directory.names(in: repositories).map { repositories.appending($0) }
        return try parents.flatMap { parent in
            try IncomingArea.abandoned(in: parent).map {
                Leftover(path: $0, name: "unfinished '\($0)'")
            }
        }
    }

    /// Returns the empty stages left by engine checks.
    private func checks() throws -> [Leftover] {
        try Directory.names(in: state.path).compactMap { name in
            let path = state.path.appending(name)
            guard name.string.hasPrefix("check-"), name.string.utf8.count == "check-XXXXXX".count,
                let status = try FileStatus.of(path), status.kind == .directory,
                isOld(status), try Directory.names(in: path).isEmpty
            else { return nil }
            return Leftover(path: path, name: "'\(path)'")
        }
    }

    /// Returns temporary files that were to replace others, and incomplete
    /// exports of trees.
    private func temporaryFiles() throws -> [Leftover] {
        var places = [
            state.path, state.locks, state.logs, state.roots, state.madeStages,
            state.cache.appending("trees"), state.cache.appending("flavours"),
            state.cache.appending("scripts"), state.path.appending("stages"),
        ]
        let stages = state.path.appending("stages")
        for name in try Directory.names(in: stages) where name.string.first != "." {
            places.append(stages.appending(name))
        }
        return try Set(places).sorted { $0.string < $1.string }.flatMap { place in
            guard try FileStatus.of(place, followingLinks: true)?.kind == .directory else {
                return [Leftover]()
            }
            return try Directory.names(in: place).compactMap { name in
                guard Self.isTemporary(name.string) else { return nil }
                let path = place.appending(name)
                guard let status = try FileStatus.of(path), isOld(status) else { return nil }
                return Leftover(path: path, name: "temporary file '\(path)'")
            }
        }
    }

    private static func isTemporary(_ name: String) -> Bool {
        guard name.hasPrefix(".") else { return false }
        return FileContent.isTemporary(name) || name.contains(".incomplete-")
            || name.hasSuffix(".part")
    }

    private func isOld(_ status: FileStatus) -> Bool {
        Int(Timestamp.now.seconds) - status.modified > Self.longestWrite
    }
}
