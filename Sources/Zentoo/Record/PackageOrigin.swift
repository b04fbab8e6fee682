public import Git

/// Which build made a binary package.
public struct PackageOrigin: Sendable, Hashable, Codable {
    /// The build that compiled it.
    public let build: BuildID
    /// What that was a build of.
    public let series: BuildSeries
    /// The commit that was built.
    public let commit: ObjectID
    /// That commit's tree.
    public let tree: ObjectID
    /// Category, name and version.
    public let cpv: CPV
    /// Portage's BUILD_ID.
    public let buildNumber: Int
    /// The file's digest.
    public let sha256: SHA256Digest
    /// Where it was put in the pool.
    public let path: PoolPath
}

extension PackageOrigin {
    init(_ package: RecordedPackage, of result: BuildResult) {
        build = result.build
        series = result.series
        commit = result.commit
        tree = result.tree
        cpv = package.cpv
        buildNumber = package.buildNumber
        sha256 = package.sha256
        path = package.path
    }

    /// Reads a `made` line of the index; nil for other lines, those on notes
    /// included, which do not name their build's commit.
    init?(_ line: RecordLine) {
        guard line.kind == .made, let series = BuildSeries(line),
            let commit = line[.commit].flatMap({ ObjectID(hex: $0) }),
            let tree = line[.tree].flatMap({ ObjectID(hex: $0) }),
            let cpv = line[.cpv].flatMap({ CPV($0) }),
            let number = line[.number].flatMap({ Int($0) }),
            let sha256 = line[.sha256].flatMap({ SHA256Digest($0) }),
            let path = line[.path].flatMap({ PoolPath($0) })
        else { return nil }
        build = line.build
        self.series = series
        self.commit = commit
        self.tree = tree
        self.cpv = cpv
        buildNumber = number
        self.sha256 = sha256
        self.path = path
    }

    /// The line in the index.
    var line: RecordLine {
        var line = RecordLine(build, .made)
        line[.site] = series.site.text
        line[.tuple] = series.tuple
        line[.root] = series.root?.text
        line[.bootstrap] = series.stage?.text
        line[.commit] = commit.description
        line[.tree] = tree.description
        line[.cpv] = cpv.description
        line[.number] = String(buildNumber)
        line[.sha256] = sha256.description
        line[.path] = path.description
        return line
    }
}
