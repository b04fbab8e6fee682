internal import Files
package import Git
internal import Records
package import Sites
internal import SystemPackage

/// The check for leftovers of killed builds.
package struct LeftoverCheck {
    let repository: Repository
    let state: StateDirectory

    /// Creates a check of a repository and this machine's state directory.
    package init(_ repository: Repository, state: StateDirectory) {
        self.repository = repository
        self.state = state
    }

    /// Returns one finding for all leftovers, and one for each PKGDIR with a
    /// problem.
    ///
    /// - Throws: `GitError`, `FileError`.
    package func findings() throws -> [Finding] {
        let left =
            try pendingBuilds() + jobs() + results() + StateLeftovers(state).all().map(\.name)
        let leftovers =
            left.isEmpty
            ? Finding(.ok, "leftovers", "none of killed builds")
            : Finding(
                .warn, "leftovers", left.joined(separator: "; "), hints: ["git zentoo repair"])
        return [leftovers]
            + (try unfinishedDirectories()).map {
                Finding(.ok, "pool", "the writer of '\($0)' was killed: its next build mends it")
            }
            + (try pool())
    }

    private func pool() throws -> [Finding] {
        let recorded = try RecordedPaths(repository)
        return try PoolSurvey(pool: state.pool, isRecorded: recorded.contains).problems().map {
            Finding(
                .warn, "pool", "'\($0.directory)': \($0.problems.joined(separator: "; "))",
                hints: ["git zentoo repair"])
        }
    }

    private func isDead(_ name: some StringProtocol) throws -> Bool {
        guard let build = BuildID(String(name.prefix(BuildID.length))) else { return false }
        return try !BuildLife.isRunning(build, in: state)
    }

    private func pendingBuilds() throws -> [String] {
        // Those in a clone belong to another machine.
        guard try FileStatus.of(state.locks) != nil else { return [] }
        return try BuildSeries.buildingPrefixes.flatMap { prefix in
            try repository.references(under: prefix).compactMap { name, _ in
                let build = "\(name)".split(separator: "/").last ?? ""
                return try isDead(build) ? "build \(build) without an end" : nil
            }
        }
    }

    private func jobs() throws -> [String] {
        let directory = state.path.appending("jobs")
        return try Directory.names(in: directory).compactMap { name in
            guard try isDead(name.string),
                try FileStatus.of(directory.appending(name).appending("kept")) == nil
            else { return nil }
            return "scratch of job \(name)"
        }
    }

    private func results() throws -> [String] {
        try Directory.names(in: state.results).compactMap {
            try isDead($0.string) ? "results of build \($0)" : nil
        }
    }

    /// Returns the PKGDIRs whose writer died; only a build may write there.
    private func unfinishedDirectories() throws -> [String] {
        var found: [String] = []
        for chost in try Directory.names(in: state.pool) {
            let parent = state.pool.appending(chost)
            guard try FileStatus.of(parent)?.kind == .directory else { continue }
            for flavour in try Directory.names(in: parent)
            where try FileStatus.of(parent.appending(flavour))?.kind == .directory {
                let marker = PackageDirectory.marker(of: parent.appending(flavour))
                guard let bytes = try FileContent.read(marker),
                    try isDead(String(decoding: bytes, as: UTF8.self))
                else { continue }
                found.append("\(chost)/\(flavour)")
            }
        }
        return found
    }
}
