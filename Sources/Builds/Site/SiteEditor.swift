package import Edits
internal import Git
package import Sites
internal import SystemPackage

/// Changes what a site's names mean: stages are added, repositories pinned.
/// Each is one commit on the site's branch.
package struct SiteEditor {
    /// The site as it was before it is edited.
    package let site: Site
    let machine: Machine

    /// Edits `site` as it is now.
    package init(_ site: Site, machine: Machine) {
        self.site = site
        self.machine = machine
    }

    /// Commits to the site's branch.
    package var editor: BranchEditor {
        BranchEditor(
            repository: site.repository, git: machine.git, identity: machine.identity.at(.now))
    }

    /// A repository whose revision was looked up.
    package struct Pin: Sendable, Hashable, Codable {
        /// The repository.
        package var name: String
        /// What it was pinned at; nil when it is new.
        package var old: RepositoryRevision?
        /// What it is pinned at now.
        package var new: RepositoryRevision
    }

    /// Looks up the revisions of repositories and writes them to the lock.
    ///
    /// - Parameter names: which ones; all of `config/repos` when empty.
    /// - Throws: ``ZentooError`` for a name that is not there; what
    ///   ``RepositoryStore`` throws for one that cannot be looked up.
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
        // What is no longer in config/repos is nothing to be pinned.
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

    /// Adds a stage, or takes a known one anew: verified, unpacked, and
    /// pinned in the lock.
    ///
    /// - Parameters:
    ///   - source: where it comes from; nil for what `config/stages` says. An
    ///     image is written there with the digest of what was taken.
    ///   - platform: which part of an image is taken; nil: that for this machine.
    ///   - key: the only key that may have signed it, to be kept as
    ///     `config/keys/<fingerprint>.asc`; nil for what the site has.
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
        // What a digest names can only be what it was, unless it is named anew.
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
        // What the pool has lies elsewhere on every machine.
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

    /// Refuses a platform where there is nothing to choose from.
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

    /// The place of a stage in the pool; any other is fetched from where it was
    /// said to be, since that is what is pinned.
    private func located(
        _ source: StageSource, of name: ZentooName, _ locked: SHA256Digest?
    ) throws -> StageSource {
        guard case .pool = source else { return source }
        return try source.located(for: name, locked, on: machine)
    }

    /// The file with one line set, all others and their comments as they are.
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
    /// The key of a fingerprint, as the site keeps it.
    ///
    /// - Throws: ``ZentooError`` when a fingerprint is pinned and its key is
    ///   not there: nothing is trusted then.
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
