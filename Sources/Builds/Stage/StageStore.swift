package import Engines
internal import Exec
internal import Files
package import Sites
package import SystemPackage

/// The stages on this machine: `stages/<sha256>/` in the state directory, with
/// the unpacked `tree/`, its ``StageInfo`` in `stage`, and the `listing` of its
/// files. A stage is complete or absent.
package struct StageStore: Sendable {
    let folder: FilePath
    /// The privileges with which stages are unpacked and removed.
    package let privileges: Privileges
    let environment: [String: String]
    let largest: Int64

    /// Creates the store of a state directory, without writing anything.
    ///
    /// - Parameters:
    ///   - state: an absolute path.
    ///   - environment: the environment of downloads, with proxies and the
    ///     paths of settings and passwords for registries
    ///     (``registryVariables``).
    ///   - largest: the maximum size in bytes of an archive, both fetched and
    ///     unpacked.
    package init(
        state: FilePath, privileges: Privileges,
        environment: [String: String] = Invocation.basicEnvironment,
        largest: Int64 = Settings.largestStage
    ) {
        self.largest = largest
        folder = state.appending("stages")
        self.privileges = privileges
        self.environment = environment
    }

    /// The variables for the settings of registries, beside the home directory.
    package static let registryVariables = ImageFetch.variables

    // MARK: Adding

    /// Fetches a stage, checks it, and unpacks it if it is missing.
    ///
    /// The check is made on the same copy that is unpacked, and comes first: a
    /// rejected stage is never unpacked. If two processes add the same stage
    /// concurrently, both succeed, with one tree.
    ///
    /// - Parameters:
    ///   - platform: the platform of an image for several; nil for that of this
    ///     machine.
    ///   - onStep: called at the start of each step.
    /// - Returns: the pin, and the source that identifies exactly this stage.
    /// - Throws: ``StageError``; ``ZentooError`` if a program is missing;
    ///   `EngineError` if files of other owners cannot be created here;
    ///   `FileError`; `CancellationError`.
    package func add(
        name: ZentooName, source: StageSource, trust: StageTrust,
        platform: ImagePlatform? = nil, onStep: (StageStep) -> Void = { _ in }
    ) async throws -> (pin: StagePin, source: StageSource) {
        try StageCheck.requireSignable(source, of: name, by: trust.key)
        try await privileges.check()
        let area = IncomingArea(parent: folder, privileges: privileges)
        try await area.sweep()
        return try await area.with { directory in
            let fetch = StageFetch(
                stage: name, source: source, directory: directory, platform: platform,
                environment: environment, privileges: privileges, largest: largest)
            let source = try await fetch.archive(as: Self.archiveName, onStep: onStep)
            onStep(.checking)
            let pin = try await StageCheck(fetch: fetch, archive: Self.archiveName)
                .pin(trust: trust)
            if var known = info(of: pin.digest) {
                if known.pin.verifiedBy == nil, pin.verifiedBy != nil {
                    known.pin = pin
                    try FileContent.write(
                        Array(known.text.utf8), to: path(of: pin.digest).appending(Self.infoName))
                }
                return (pin, source)
            }
            onStep(.unpacking)
            let made = try await unpack(directory, name: name)
            let info = StageInfo(name: name, source: "\(source)", pin: pin, tree: made.digest)
            try FileContent.write(
                Array(info.text.utf8), to: made.directory.appending(Self.infoName))
            try await publish(made.directory, as: pin.digest)
            return (pin, source)
        }
    }

    private static let archiveName = "archive"
    private static let infoName: FilePath.Component = "stage"
    static let treeName: FilePath.Component = "tree"
    static let listingName: FilePath.Component = "listing"

    private func unpack(
        _ directory: FilePath, name: ZentooName
    ) async throws -> (directory: FilePath, digest: SHA256Digest) {
        let new = directory.appending("new")
        let tree = new.appending(Self.treeName)
        // A stage contains setuid programs and world-writable directories: no
        // other account may enter it.
        try Directory.create(new)
        try Directory.close(new)
        try Directory.create(tree)
        let archive = directory.appending(Self.archiveName)
        let completion = try await Tool.run(
            privileges.wrap(
                TreeArchive(kind: .root).unpack(archive, into: tree, limit: largest)))
        guard completion.status.isSuccess else {
            if TreeArchive.isTooLarge(completion) {
                throw StageError.tooLarge("stage '\(name)' unpacks to", largest)
            }
            throw unpackFailure("stage '\(name)'", Tool.reason(completion), completion)
        }
        for needed in ["etc", "usr"] {
            guard
                try FileStatus.of(tree.appending(needed), followingLinks: true)?.kind == .directory
            else {
                throw StageError(
                    .notARoot, "stage '\(name)' is no root file system: it has no '\(needed)'",
                    hints: ["list it with 'tar -tf'; the root must lie at the archive's top"])
            }
        }
        let listing = try await listing(of: tree)
        // Holes take no space, but as much time to read as other bytes.
        if TreeArchive.contentSize(inListing: listing) > largest {
            throw StageError.tooLarge("stage '\(name)' unpacks to", largest)
        }
        try FileContent.write(listing, to: new.appending(Self.listingName))
        return (new, try await digest(of: tree))
    }

    private func unpackFailure(
        _ what: String, _ reason: String, _ completion: Completion
    ) -> StageError {
        guard !Tool.isOutOfSpace(completion) else {
            let full = FullPlace(of: folder, setting: "zentoo.state")
            return StageError(
                .unpack,
                "cannot unpack \(what): \(reason)" + (full.map { "; \($0.description)" } ?? ""),
                hints: full?.hints ?? [])
        }
        return StageError(
            .unpack, "cannot unpack \(what): \(reason)",
            hints: privileges == .root
                ? []
                : ["a plain user cannot make devices or owners above 65535; try it as root"])
    }

    /// Renames an unpacked stage to its final path once it is on disk.
    private func publish(_ made: FilePath, as digest: SHA256Digest) async throws {
        try await Tool.run(Invocation("sync", ["--file-system", "--", made.string])).orThrow()
        do {
            try Directory.move(made, to: path(of: digest))
        } catch let error as FileError {
            // Another process has added the same content meanwhile.
            guard [.directoryNotEmpty, .fileExists].contains(error.errno), info(of: digest) != nil
            else { throw error }
        }
        try Directory.synchronize(folder)
    }

    // MARK: Queries

    /// Returns the read-only root of a stage; nil if it is not on this machine.
    package func tree(of digest: SHA256Digest) -> FilePath? {
        info(of: digest) == nil ? nil : path(of: digest).appending(Self.treeName)
    }

    /// Returns the information on a stage; nil if it is not on this machine.
    package func info(of digest: SHA256Digest) -> StageInfo? {
        guard let bytes = try? FileContent.read(path(of: digest).appending(Self.infoName)),
            let info = StageInfo(bytes), info.pin.digest == digest
        else { return nil }
        return info
    }

    /// Closes stages to other accounts that an earlier version left accessible.
    ///
    /// - Throws: `FileError`.
    package func close() throws {
        for stage in try list() { try Directory.close(path(of: stage.pin.digest)) }
    }

    /// Returns all stages on this machine, by name.
    ///
    /// - Throws: `FileError`.
    package func list() throws -> [StageInfo] {
        try Directory.names(in: folder)
            .compactMap { SHA256Digest($0.string).flatMap { info(of: $0) } }
            .sorted { ($0.name, $0.pin.digest) < ($1.name, $1.pin.digest) }
    }

    func path(of digest: SHA256Digest) -> FilePath { folder.appending(digest.description) }
}
