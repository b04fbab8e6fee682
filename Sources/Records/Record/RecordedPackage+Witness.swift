extension RecordedPackage {
    /// The metadata of a binary package without a record: its build time and
    /// the revisions of ebuild repositories it was built from. It is not
    /// verified.
    package struct Witness: Sendable, Hashable, Codable {
        /// Portage's BUILD_TIME, in seconds since the epoch.
        package let built: Int64?
        /// Portage's REPO_REVISIONS: revisions by repository.
        package let revisions: [String: String]

        /// Creates the metadata of a package.
        package init(built: Int64?, revisions: [String: String] = [:]) {
            self.built = built
            self.revisions = revisions
        }
    }
}

extension RecordedPackage.Witness {
    /// Creates the metadata from a `found` line; nil for other lines.
    init?(_ line: RecordLine) {
        guard line.kind == .found else { return nil }
        var revisions: [String: String] = [:]
        for item in line[list: .revisions] {
            let halves = item.split(separator: ":", maxSplits: 1).map(String.init)
            if halves.count == 2 { revisions[halves[0]] = halves[1] }
        }
        self.init(built: line[.built].flatMap { Int64($0) }, revisions: revisions)
    }

    /// Adds the metadata to a line.
    func add(to line: inout RecordLine) {
        line[.built] = built.map { String($0) }
        line[list: .revisions] = revisions.map { "\($0):\($1)" }.sorted()
    }
}
