package import Edits
internal import Git
package import Sites
internal import SystemPackage

/// Changes the definitions of a site's names: adds stages and pins
/// repositories. Each change is one commit on the site branch.
package struct SiteEditor {
    /// The site before the change.
    package let site: Site
    let machine: Machine

    /// Creates an editor of `site` in its current state.
    package init(_ site: Site, machine: Machine) {
        self.site = site
        self.machine = machine
    }

    /// The editor that commits to the site branch.
    package var editor: BranchEditor {
        BranchEditor(
            repository: site.repository, git: machine.git, identity: machine.identity.at(.now))
    }

    /// A repository whose revision was looked up.
    package struct Pin: Sendable, Hashable, Codable {
        /// The repository.
        package var name: String
        /// The revision it was pinned to; nil if it is new.
        package var old: RepositoryRevision?
        /// The revision it is pinned to now.
        package var new: RepositoryRevision
    }

    /// Looks up the revisions of repositories and writes them to the lock.
    ///
    /// - Parameters:
    ///   - names: the repositories; all of `config/repos` if empty.
    ///   - report: called for each repository.
    /// - Throws: ``ZentooError`` for an unknown name; the errors of
    ///   ``RepositoryStore`` for a repository that cannot be looked up.
    package func synchronize(
        _ names: [ZentooName], report: @Sendable (BuildEvent) -> Void
    ) async throws -> [Pin] {
        for name in names where !site.repositories.contains(where: { $0.name == name }) {
            throw ZentooError(
                .notFound, "repository '\(name)' is not in \(RepositoriesFile.path)",
                hints: [Site.known("repository", site.repositories.map(\.name))])
        }
        let store = RepositoryStore(
            state: machine.state, privileges: machine.privileges,
            gitEnvironment: machine.git.environment)
        var lock = site.lock
        var pins: [Pin] = []
        for entry in site.repositories where names.isEmpty || names.contains(entry.name) {
            report(.preparing("repository '\(entry.name)'"))
            let pin = try await store.resolve(
                name: entry.name,
                source: machine.sources[entry.name.text].map { .directory($0) } ?? entry.source)
            let old = lock.repositories[entry.name]
            lock.repositories[entry.name] = SiteLock.Repository(
                revision: pin.revision, masters: pin.masters)
            pins.append(Pin(name: entry.name.text, old: old?.revision, new: pin.revision))
        }
        // Repositories that were removed from config/repos are not pinned.
        for name in lock.repositories.keys
        where !site.repositories.contains(where: { $0.name == name }) {
            lock.repositories[name] = nil
        }
        let changed = pins.filter { $0.old != $0.new }.map(\.name)
        _ = try await editor.commit(
            [.write(TreePath(SiteLock.path), Array(lock.text.utf8))], to: site.name.text,
            message: "zentoo: sync \(changed.joined(separator: ", "))")
        return pins
    }

    /// Adds a stage, or updates a known one: verifies it, unpacks it, and pins
    /// it in the lock.
    ///
    /// - Parameters:
    ///   - source: the source of the stage; nil for that in `config/stages`. An
    ///     image is written there with the digest of the fetched manifest.
    ///   - platform: the platform of an image for several; nil for that of this
    ///     machine.
    ///   - key: the only key that may have signed it, which is stored as
    ///     `config/keys/<fingerprint>.asc`; nil for the key that the site has.
    package func addStage(
        _ name: ZentooName, source given: StageSource?, platform: ImagePlatform? = nil,
        key: StageTrust.Key?, report: @Sendable (BuildEvent) -> Void
    ) async throws -> (pin: StagePin, source: StageSource) {
        let known = site.stages.first { $0.name == name }
        guard let wanted = given ?? known?.source else {
            throw ZentooError(
                .notFound, "stage '\(name)' is not in \(StagesFile.path)",
                hints: ["say where it is: 'git zentoo stage add \(name) PATH|URL'"])
        }
        if platform != nil { try checkChoice(wanted, of: name, isGiven: given != nil) }
        let trusted = try key ?? site.key(known?.key)
        var locked: SHA256Digest?
        switch wanted {
        case .pool: locked = site.lock.stages[name]?.digest
        // An image given by digest must match the lock, unless it is given again.
        case .image(let image) where given == nil && image.digest != nil:
            locked = site.lock.stages[name]?.digest
        case .image, .path, .url: break
        }
        let store = StageStore(
            state: machine.state.path, privileges: machine.privileges,
            environment: machine.downloads,
            largest: machine.largestStage)
        let (pin, taken) = try await store.add(
            name: name, source: try located(wanted, of: name, locked),
            trust: StageTrust(key: trusted, locked: locked), platform: platform,
            onStep: { report(.phase("\($0)")) })
        // The path of a stage in the pool differs between machines.
        let source = if case .image = taken { taken } else { wanted }

        var lock = site.lock
        lock.stages[name] = SiteLock.Stage(digest: pin.digest, key: pin.verifiedBy)
        var changes: [BranchEditor.Change] = [
            .write(TreePath(SiteLock.path), Array(lock.text.utf8))
        ]
        if let key { changes.append(.write(TreePath(key.path), key.bytes)) }
        if known?.source != source || known?.key != trusted?.fingerprint {
            let line =
                ([name.text, source.description] + (trusted.map { ["\($0.fingerprint)"] } ?? []))
                .joined(separator: " ")
            changes.append(
                .write(TreePath(StagesFile.path), try siteFile(StagesFile.path, line, known?.line)))
        }
        _ = try await editor.commit(
            changes, to: site.name.text, message: "zentoo: stage \(name) is \(pin.digest)")
        return (pin, source)
    }

    /// Rejects a platform if the source has only one.
    private func checkChoice(
        _ source: StageSource, of name: ZentooName, isGiven: Bool
    ) throws {
        guard case .image(let image) = source else {
            throw ZentooError(
                .unsupported, "'\(source)' is for one platform: only images are for several")
        }
        guard isGiven || image.digest == nil else {
            throw ZentooError(
                .unsupported, "stage '\(name)' is pinned to the image for one platform",
                hints: [
                    "name the image anew: 'git zentoo stage add \(name) IMAGE --platform PLATFORM'"
                ])
        }
    }

    /// Returns the archive of a stage in the pool. Any other source is returned
    /// as given, even if this machine has its own source for the stage: the
    /// given one is pinned.
    private func located(
        _ source: StageSource, of name: ZentooName, _ locked: SHA256Digest?
    ) throws -> StageSource {
        guard case .pool = source else { return source }
        return try source.located(for: name, locked, on: machine)
    }

    /// Returns the file with one line set, all others and their comments
    /// unchanged.
    func siteFile(_ path: String, _ line: String, _ number: Int?) throws -> [UInt8] {
        let bytes = try site.repository.blob(in: site.tree, TreePath(path)) ?? []
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map(Array.init)
        if lines.last == [] { lines.removeLast() }
        if let number {
            lines[number - 1] = Array(line.utf8)
        } else {
            lines.append(Array(line.utf8))
        }
        return lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    }
}

extension Site {
    /// Returns the key of a fingerprint from the site.
    ///
    /// - Throws: ``ZentooError`` if a fingerprint is pinned and its key is
    ///   missing: nothing is trusted then.
    func key(_ fingerprint: KeyFingerprint?) throws -> StageTrust.Key? {
        guard let fingerprint else { return nil }
        let path = StageTrust.Key(fingerprint: fingerprint, bytes: []).path
        guard let bytes = try repository.blob(in: tree, TreePath(path)) else {
            throw ZentooError(
                .notFound, "key '\(fingerprint)' is not in site '\(name)'",
                hints: ["commit it as \(path), or give 'git zentoo stage add' a --key-file"])
        }
        return StageTrust.Key(fingerprint: fingerprint, bytes: bytes)
    }
}
