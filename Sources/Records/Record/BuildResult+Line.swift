internal import Git
internal import Sites

extension BuildResult {
    /// Creates a result from a `result` or `bootstrap` line; nil for another
    /// kind and for a line that lacks required values.
    package init?(_ line: RecordLine) {
        guard RecordLine.Kind.results.contains(line.kind),
            let status = line[.status].flatMap({ Status(rawValue: $0) }),
            let series = BuildSeries(line),
            (line.kind == .bootstrap) == (series.stage != nil),
            let archive = Self.archive(line, of: status),
            let commit = line[.commit].flatMap({ ObjectID(hex: $0) }),
            let tree = line[.tree].flatMap({ ObjectID(hex: $0) }),
            let stage = line[.stage].flatMap({ SHA256Digest($0) }),
            let tagger = Self.tagger(line)
        else { return nil }
        self.init(
            build: line.build, status: status, series: series, commit: commit, tree: tree,
            stampedFrom: line[.stampedFrom].flatMap { BuildID($0) },
            flavour: line[.flavour] ?? "", chost: line[.chost] ?? "", stage: stage,
            archive: archive,
            engine: line[.engine] ?? "", duration: Self.count(line[.duration]),
            packageCount: Self.count(line[.packages]), madeCount: Self.count(line[.made]),
            foundCount: Self.count(line[.found]),
            failure: line[.phase].map {
                Failure(phase: $0, package: line[.package], log: line[.log])
            },
            unsandboxed: line[list: .unsandboxed], emulator: line[.emulated],
            distribution: Distribution(line), tagger: tagger)
    }

    /// - Returns: nil if an archive is missing or is not allowed.
    private static func archive(_ line: RecordLine, of status: Status) -> Archive?? {
        guard line.kind == .bootstrap, status == .success else {
            return line[.archive] == nil ? .some(nil) : nil
        }
        guard let sha256 = line[.archive].flatMap({ SHA256Digest($0) }),
            let size = line[.archiveSize].flatMap({ Int64($0) }), size >= 0
        else { return nil }
        return Archive(sha256: sha256, size: size)
    }

    private static func count(_ text: String?) -> Int { text.flatMap { Int($0) } ?? 0 }

    private static func tagger(_ line: RecordLine) -> Signature? {
        let date = (line[.taggerDate] ?? "").split(separator: " ")
        guard let name = line[.taggerName], let email = line[.taggerEmail], date.count == 2,
            let seconds = Int64(date[0]), let offset = Int32(date[1])
        else { return nil }
        return Signature(name: name, email: email, seconds: seconds, offset: offset)
    }

    /// The complete result, for the note on the tree.
    var line: RecordLine {
        var line = heading(series.stage == nil ? .result : .bootstrap)
        line[.commit] = commit.description
        line[.tree] = tree.description
        line[.stampedFrom] = stampedFrom?.description
        line[.flavour] = flavour
        line[.chost] = chost
        line[.stage] = stage.description
        line[.archive] = archive?.sha256.description
        line[.archiveSize] = archive.map { String($0.size) }
        line[.engine] = engine
        line[.started] = String(started.seconds)
        addCounts(to: &line)
        line[.phase] = failure?.phase
        line[.package] = failure?.package
        line[.log] = failure?.log
        line[list: .unsandboxed] = unsandboxed
        line[.emulated] = emulator
        line[.compilers] = distribution.map { String($0.compilers) }
        line[.distributed] = distribution.map { String($0.compiled) }
        line[.undistributed] = distribution.map { String($0.missed) }
        line[.taggerName] = tagger.name
        line[.taggerEmail] = tagger.email
        line[.taggerDate] = "\(tagger.seconds) \(tagger.offset)"
        return line
    }

    /// The summary of the result, for the note on the commit.
    var summaryLine: RecordLine {
        var line = heading(.build)
        line[.tree] = tree.description
        addCounts(to: &line)
        return line
    }

    /// States that the tuple has this result from this commit on, for the notes
    /// on the commits that it was composed from.
    var firstLine: RecordLine {
        var line = heading(.first)
        line[.tree] = tree.description
        return line
    }

    private func heading(_ kind: RecordLine.Kind) -> RecordLine {
        var line = RecordLine(build, kind)
        line[.status] = status.rawValue
        line[.site] = series.site.text
        line[.tuple] = series.tuple
        line[.root] = series.root?.text
        line[.bootstrap] = series.stage?.text
        return line
    }

    private func addCounts(to line: inout RecordLine) {
        line[.duration] = String(durationSeconds)
        line[.packages] = String(packageCount)
        line[.made] = String(madeCount)
        line[.found] = foundCount == 0 ? nil : String(foundCount)
    }
}

extension BuildResult.Distribution {
    /// Creates a distribution from a line; nil if the line has none.
    fileprivate init?(_ line: RecordLine) {
        guard let compilers = line[.compilers].flatMap({ Int($0) }) else { return nil }
        self.init(
            compilers: compilers, compiled: line[.distributed].flatMap { Int($0) } ?? 0,
            missed: line[.undistributed].flatMap { Int($0) } ?? 0)
    }
}

extension BuildSeries {
    /// Creates the series that a line names; nil if it names none.
    init?(_ line: RecordLine) {
        guard let site = line[.site].flatMap({ try? ZentooName($0) }), let tuple = line[.tuple]
        else { return nil }
        let root = line[.root].flatMap { try? ZentooName($0) }
        let stage = line[.bootstrap].flatMap { try? ZentooName($0) }
        guard (line[.root] == nil) == (root == nil), (line[.bootstrap] == nil) == (stage == nil)
        else { return nil }
        self.init(site: site, tuple: tuple, root: root, stage: stage)
    }
}
