internal import Files
package import Git
package import Records
internal import Sites
internal import SystemPackage

/// Records the packages that killed builds have left in the pool, as made by a
/// build of that commit that did not finish.
package struct LeftPackages {
    let machine: Machine
    let repository: Repository

    /// Creates a recorder of the packages left in a machine's pool.
    package init(machine: Machine, repository: Repository) {
        self.machine = machine
        self.repository = repository
    }

    /// Records the packages in all PKGDIRs that no build is writing.
    ///
    /// A pool may be shared: packages left by builds of other repositories are
    /// not recorded here.
    ///
    /// - Returns: the builds that have a record now.
    package func record() async throws -> [RecordedBuild] {
        var recorded: [RecordedBuild] = []
        for chost in try Directory.names(in: machine.state.pool)
        where !chost.string.hasPrefix(".") {
            let parent = machine.state.pool.appending(chost)
            guard try FileStatus.of(parent)?.kind == .directory else { continue }
            for flavour in try Directory.names(in: parent) where !flavour.string.hasPrefix(".") {
                let directory = parent.appending(flavour)
                guard try FileStatus.of(directory)?.kind == .directory,
                    let lock = try FileLock.tryLock(parent.appending(".\(flavour).lock"))
                else { continue }
                recorded += try await record(in: directory)
                _ = consume lock
            }
        }
        return recorded
    }

    private func record(in directory: FilePath) async throws -> [RecordedBuild] {
        var recorded: [RecordedBuild] = []
        for note in try UnrecordedPackages.notes(in: directory) {
            guard let result = note.result,
                try !BuildLife.isRunning(note.build, in: machine.state),
                try repository.kind(of: result.commit) == .commit,
                try repository.tree(ofCommit: result.commit) == result.tree
            else { continue }
            let packages = try await packages(note.paths, of: result)
            if let build = try await record(packages, of: result) { recorded.append(build) }
            // Packages that are not indexed yet are recorded once they are.
            let unindexed = try unindexed(note.paths, in: directory)
            try UnrecordedPackages.forget(
                note.build, recorded: Set(note.paths).subtracting(unindexed), in: directory)
        }
        return recorded
    }

    /// - Returns: nil if there is nothing to record.
    private func record(
        _ packages: [RecordedPackage], of result: BuildResult
    ) async throws -> RecordedBuild? {
        guard !packages.isEmpty else { return nil }
        let recorder = Recorder(repository, signer: machine.signer)
        guard let known = try recorder.result(of: result.build, onTree: result.tree) else {
            return try await recorder.record(FinishedBuild(result: result, packages: packages))
        }
        // The build has a result, which lacks these packages. Nothing is added
        // to a success: its packages define its root.
        guard known.status != .success else { return nil }
        try recorder.writeNotes(known, packages: packages)
        try Whence.refresh(repository)
        return RecordedBuild(build: known.build, series: known.series, number: nil)
    }

    private func unindexed(_ paths: [String], in directory: FilePath) throws -> Set<String> {
        let indexed = try PackageIndex(of: directory)?.paths ?? []
        return Set(paths).subtracting(indexed)
    }

    /// Returns the packages that no record names and that Portage has indexed:
    /// an incomplete package is in no index.
    private func packages(
        _ paths: [String], of result: BuildResult
    ) async throws -> [RecordedPackage] {
        let directory = machine.state.pool.appending(result.chost).appending(result.flavour)
        guard let index = try PackageIndex(of: directory) else { return [] }
        let proof = try PoolProof(repository, state: machine.state)
        let places = paths.compactMap { PoolPath("\(result.chost)/\(result.flavour)/\($0)") }
        let digests = try await proof.digests(of: places)
        return try places.compactMap { path in
            guard let digest = digests[path], let fields = index.fields(ofPath: path.pathInFlavour),
                let size = fields["SIZE"].flatMap({ Int64($0) }),
                try FileStatus.of(machine.state.pool.appending(path.description))?.size
                    == Int(size),
                fields["CPV"] == path.cpv.description, fields["BUILD_ID"] == "\(path.number)",
                try proof.verdict(of: digest, at: path) == .unrecorded
            else { return nil }
            let iuse = Set(
                fields["IUSE", default: ""].split(separator: " ")
                    .map { String($0.drop { "+-".contains($0) }) })
            return RecordedPackage(
                cpv: path.cpv, buildNumber: path.number, slot: fields["SLOT"] ?? "0",
                use: fields["USE", default: ""].split(separator: " ").map(String.init)
                    .filter { iuse.contains($0) },
                size: size, sha256: digest, path: path, repository: fields["REPO"] ?? "",
                isLive: fields["PROPERTIES", default: ""].split(separator: " ").contains("live"),
                disposition: .made)
        }
    }
}
