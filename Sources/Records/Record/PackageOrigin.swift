package import Git
package import Sites

/// The build that made a binary package, or found it in the pool without a
/// record.
package struct PackageOrigin: Sendable, Hashable, Codable {
    /// Whether the build made or found it.
    package let disposition: RecordedPackage.Disposition
    /// The build that compiled or found it.
    package let build: BuildID
    /// The series of that build.
    package let series: BuildSeries
    /// The commit that was built.
    package let commit: ObjectID
    /// That commit's tree.
    package let tree: ObjectID
    /// Category, name and version.
    package let cpv: CPV
    /// Portage's BUILD_ID.
    package let buildNumber: Int
    /// The file's digest.
    package let sha256: SHA256Digest
    /// Its path in the pool.
    package let path: PoolPath
    /// The metadata of a package that was found.
    package let witness: RecordedPackage.Witness?
}

extension PackageOrigin {
    init(_ package: RecordedPackage, of result: BuildResult) {
        disposition = package.disposition
        build = result.build
        series = result.series
        commit = result.commit
        tree = result.tree
        cpv = package.cpv
        buildNumber = package.buildNumber
        sha256 = package.sha256
        path = package.path
        witness = package.witness
    }

    /// Creates an origin from a `made` or `found` line of the index; nil for
    /// other lines, including those of notes, which do not name the commit of
    /// their build.
    init?(_ line: RecordLine) {
        guard line.kind == .made || line.kind == .found,
            let disposition = RecordedPackage.Disposition(rawValue: line.kind.rawValue),
            let series = BuildSeries(line),
            let commit = line[.commit].flatMap({ ObjectID(hex: $0) }),
            let tree = line[.tree].flatMap({ ObjectID(hex: $0) }),
            let cpv = line[.cpv].flatMap({ CPV($0) }),
            let number = line[.number].flatMap({ Int($0) }),
            let sha256 = line[.sha256].flatMap({ SHA256Digest($0) }),
            let path = line[.path].flatMap({ PoolPath($0) })
        else { return nil }
        self.disposition = disposition
        build = line.build
        self.series = series
        self.commit = commit
        self.tree = tree
        self.cpv = cpv
        buildNumber = number
        self.sha256 = sha256
        self.path = path
        witness = RecordedPackage.Witness(line)
    }

    /// The line in the index.
    var line: RecordLine {
        var line = RecordLine(build, RecordLine.Kind(rawValue: disposition.rawValue))
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
        witness?.add(to: &line)
        return line
    }

    /// Returns the entries that tell the origin of files, in the same order:
    /// for each file the build that made it, or those that found it if no entry
    /// made it. Of several `made` entries the oldest build counts, since an
    /// earlier version of git-zentoo also wrote them for later builds.
    static func makers(among entries: [PackageOrigin]) -> [PackageOrigin] {
        var makers: [SHA256Digest: BuildID] = [:]
        for entry in entries where entry.disposition == .made {
            makers[entry.sha256] = min(entry.build, makers[entry.sha256] ?? entry.build)
        }
        // Nearly always each file was made, and once.
        guard makers.count < entries.count else { return entries }
        return entries.filter { entry in
            guard let maker = makers[entry.sha256] else { return true }
            return entry.disposition == .made && entry.build == maker
        }
    }
}
