internal import Git
internal import Sites

extension BranchImporter {
    /// Moves the settings of a cpu from an imported tree to the site's branch.
    ///
    /// - Returns: the tree without them, and a report.
    func move(
        _ tree: ObjectID, of branch: String, to cpu: ZentooName, of site: Site
    ) async throws -> (tree: ObjectID, result: ImportResult.CPUResult) {
        var reading = TreeReading(ref: branch, repository: repository)
        try reading.walk(tree)
        func files(_ path: String) -> [ConfigurationFile] {
            reading.files(at: path).map { ConfigurationFile(path: $0.path, bytes: $0.bytes) }
        }
        let (makeConf, packageUse) = (files("make.conf"), files("package.use"))
        let move = CPUMove(makeConf: makeConf, packageUse: packageUse)
        let changes = try zip(makeConf + packageUse, move.makeConf + move.packageUse)
            .filter { $0 != $1 }
            .map { _, new -> TreeChange in
                let path = TreePath(new.path)
                if new.isBlank { return .remove(path) }
                let mode = try repository.entry(in: tree, path)?.mode ?? .file
                return .put(path, mode, try repository.writeBlob(new.bytes))
            }
        let rest = try repository.editTree(base: tree, changes)
        var result = ImportResult.CPUResult(
            name: cpu.text, difference: try await difference(tree, rest),
            dropped: move.dropped.map { "\($0.file):\($0.line): \($0.name)" })
        guard !move.moved.isEmpty else { return (rest, result) }
        result.isMoved = true
        let text =
            Array("# Moved here from make.conf by 'git zentoo portage import'.\n".utf8)
            + move.moved
        try refuse(replacing: cpu, of: site, by: text)
        if try site.cpuIfAny(cpu) == nil {
            let path = TreePath("\(CPUFragment.folder)/\(cpu)")
            try branches.startLocally(site.name.text)
            let commit = try await editor.commit(
                [.write(path, text)], to: site.name.text, message: "zentoo: cpu \(cpu)")
            result.commit = commit?.description
            let added = try repository.editTree(
                base: nil, [.put(path, .file, try repository.writeBlob(text))])
            result.difference += try await difference(.emptyTree, added)
        }
        return (rest, result)
    }

    /// Checks that the cpu does not exist with other assignments: all portage
    /// branches share it.
    ///
    /// - Throws: ``ZentooError``.
    private func refuse(replacing cpu: ZentooName, of site: Site, by text: [UInt8]) throws {
        func meaning(_ bytes: [UInt8]) -> [[String]] {
            MakeConf(bytes).assignments.map { [$0.name, $0.value] }
        }
        guard let known = try site.cpuIfAny(cpu), meaning(known.bytes) != meaning(text) else {
            return
        }
        let (old, new) = (meaning(known.bytes), meaning(text))
        let names = Set(old.filter { !new.contains($0) } + new.filter { !old.contains($0) })
            .map { $0[0] }
        throw ZentooError(
            .exists,
            "cpu '\(cpu)' exists and says something else of "
                + "'\(Set(names).sorted().joined(separator: "', '"))'",
            hints: [
                "see it with 'git zentoo cpu show \(cpu)'",
                "import with another name behind --cpu, or without --cpu",
            ])
    }
}

extension Site {
    /// Returns the cpu fragment of a name; nil when there is none.
    func cpuIfAny(_ name: ZentooName) throws -> CPUFragment? {
        parts.cpus.contains(name) ? try cpu(name) : nil
    }
}
