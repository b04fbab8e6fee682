extension RecordedPackage {
    /// What a binary package says of itself, of which no record tells: when it
    /// was built and from which revisions of ebuild repositories. Nobody vouches
    /// for it.
    package struct Witness: Sendable, Hashable, Codable {
        /// Portage's BUILD_TIME, in seconds since the epoch.
        package let built: Int64?
        /// Portage's REPO_REVISIONS: revisions by repository.
        package let revisions: [String: String]

        /// What a package says of itself.
        package init(built: Int64?, revisions: [String: String] = [:]) {
            self.built = built
            self.revisions = revisions
        }
    }
}

extension RecordedPackage.Witness {
    /// Reads what a `found` line tells; nil of another line.
    init?(_ line: RecordLine) {
        guard line.kind == .found else { return nil }
        var revisions: [String: String] = [:]
        for item in line[list: .revisions] {
            let halves = item.split(separator: ":", maxSplits: 1).map(String.init)
            if halves.count == 2 { revisions[halves[0]] = halves[1] }
        }
        self.init(built: line[.built].flatMap { Int64($0) }, revisions: revisions)
    }

    /// Adds it to a line.
    func add(to line: inout RecordLine) {
        line[.built] = built.map { String($0) }
        line[list: .revisions] = revisions.map { "\($0):\($1)" }.sorted()
    }
}
