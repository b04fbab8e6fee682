internal import Builds
internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// What processes that were killed left in the state directory beside jobs and
/// results: locks of builds that ended, what was being made of a stage or a
/// repository, files that were to replace others.
struct StateLeftovers {
    let state: StateDirectory

    init(_ state: StateDirectory) { self.state = state }

    /// One thing that was left.
    struct Leftover: Hashable {
        let path: FilePath
        /// What it is, in a few words.
        let name: String
    }

    /// Nothing writes a file for longer, in seconds: it is made, filled and renamed.
    static let longestWrite = 600

    /// What is found; what is in use is left out.
    ///
    /// - Throws: `FileError`.
    func all() throws -> [Leftover] { try locks() + incoming() + checks() + temporaryFiles() }

    /// Removes it.
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
                // Once more under its lock.
                try await IncomingArea(
                    parent: leftover.path.removingLastComponent(), privileges: privileges
                ).sweep()
                if try FileStatus.of(leftover.path) != nil { continue }
            case .directory: try await privileges.removeTree(leftover.path)
            default:
                // Of a lock, ``BuildLife`` sees to it that nobody has it.
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

    /// Locks of builds that ended when they had recorded everything, and the
    /// notes of where they made something.
    private func locks() throws -> [Leftover] {
        try Directory.names(in: state.locks).compactMap { name in
            let path = state.locks.appending(name)
            if let build = BuildLife.build(ofLock: path) {
                return try BuildLife.isHeld(build, in: state)
                    ? nil : Leftover(path: path, name: "lock of build \(build)")
            }
            // Its places are cleared away by ``Recovery``, and the note with them.
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

    /// The empty stages of engines that were tried.
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

    /// Files that were to take another's place, and exports of trees likewise.
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
