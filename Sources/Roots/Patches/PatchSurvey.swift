internal import Files
internal import Git
internal import Records
package import Sites
internal import SystemPackage

/// Read-only access to the patch work on this machine.
package struct PatchSurvey: Sendable {
    let state: StateDirectory

    /// Creates a survey of a state directory.
    package init(state: StateDirectory) { self.state = state }

    /// Returns the locations of the patch work in a root, by package.
    ///
    /// - Throws: `FileError`.
    package func places(in root: ZentooName) throws -> [PatchPlace] {
        try Self.places(in: RootPlace(root, in: state))
    }

    /// Returns the current state of the patch work in a root, by package.
    ///
    /// - Throws: as ``work(at:)``.
    package func works(in root: ZentooName) throws -> [PatchWork] {
        try places(in: root).map { try work(at: $0) }
    }

    static func places(in root: RootPlace) throws -> [PatchPlace] {
        try directories(in: root.patches).flatMap { category in
            guard CPV.isCategory(category) else { return [PatchPlace]() }
            return try directories(in: root.patches.appending(category))
                .filter { CPV.isName($0) }
                .map { PatchPlace(root: root, package: "\(category)/\($0)") }
        }
    }

    private static func directories(in path: FilePath) throws -> [String] {
        guard try FileStatus.of(path)?.kind == .directory else { return [] }
        return try Directory.names(in: path)
            .filter { try FileStatus.of(path.appending($0))?.kind == .directory }.map(\.string)
    }

    /// Returns the patch work on the named package (category and name, or the
    /// name alone), or without a name the only one in the root.
    ///
    /// - Throws: ``ZentooError`` when there is none or several match;
    ///   `FileError`.
    package func place(_ name: String?, in root: ZentooName) throws -> PatchPlace {
        let all = try places(in: root)
        let found = all.filter { place in
            name == nil || place.package == name || place.package.hasSuffix("/\(name ?? "")")
        }
        if found.count == 1 { return found[0] }
        let known = all.map(\.package).joined(separator: ", ")
        guard found.isEmpty else {
            throw ZentooError(
                .ambiguous,
                name.map { "'\($0)' can be several packages" }
                    ?? "root '\(root)' has patch work on \(all.count) packages",
                hints: ["name one: \(found.map(\.package).joined(separator: ", "))"])
        }
        throw ZentooError(
            .notFound,
            "root '\(root)' has no patch work" + (name.map { " on '\($0)'" } ?? ""),
            hints: [
                all.isEmpty
                    ? "git zentoo patch prep \(root) \(name ?? "CATEGORY/NAME")"
                    : "the packages are: \(known)"
            ])
    }

    /// Returns the current state of patch work.
    ///
    /// - Throws: ``ZentooError`` when it cannot be read; `GitError`,
    ///   `FileError`.
    package func work(at place: PatchPlace) throws -> PatchWork {
        guard let record = try PatchRecord(of: place) else { throw Self.damaged(place) }
        let source = PatchSource(place: place)
        let repository = try source.open()
        let tree = try source.snapshot(in: repository)
        let base = try repository.commit(source.base(in: repository)).tree
        return PatchWork(
            root: place.root.name.text, package: place.package, version: "\(record.cpv)",
            edited: record.edited, over: record.over.map(\.name), source: place.source.string,
            mountPoint: place.mountPoint,
            changes: try repository.diffTrees(base, tree).map { PathChange($0) },
            isTried: record.tried == tree)
    }

    static func damaged(_ place: PatchPlace) -> ZentooError {
        ZentooError(
            .damaged, "the patch work at '\(place.directory)' is not whole",
            hints: [
                "save what is to be kept of it, then "
                    + "'git zentoo patch drop \(place.root.name) \(place.package) --force'"
            ])
    }
}
