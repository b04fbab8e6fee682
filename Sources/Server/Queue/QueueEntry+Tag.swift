internal import Git
internal import Records
internal import Sites

/// An entry as git stores it: an annotated tag on the tuple commit, which
/// protects that commit from `git gc`, with the pusher as tagger. All values
/// are in trailers, so that plain git can read them:
///
///     git for-each-ref refs/zentoo/queue \
///         --format='%(refname) %(taggername) %(contents:trailers:key=Changed)'
extension QueueEntry {
    /// Returns the tag to write.
    ///
    /// - Throws: ``GitError`` for a name git would refuse.
    func tag() throws -> AnnotatedTag {
        try AnnotatedTag(
            name: "queue/\(key)", target: commit,
            tagger: Signature(name: pusher, email: pusher, seconds: queued.seconds),
            message: """
                \(changes.first.map { PercentCoding.encoded($0, exceptBlanks: true) } ?? "build")

                \(lines.map { "\($0.0): \(PercentCoding.encoded($0.1, exceptBlanks: true))" }
                    .joined(separator: "\n"))

                """)
    }

    private var lines: [(String, String)] {
        var lines = [("Site", site.text), ("Tuple", tuple)]
        lines += heads.sorted { $0.key < $1.key }.map { ("Head", "\($0.value) \($0.key)") }
        lines += [
            ("Pusher", pusher), ("Queued", queued.precise), ("Since", since.precise),
            ("Priority", String(priority)),
        ]
        lines += changes.prefix(Self.mostChanges).map { ("Changed", $0) }
        if isForced { lines.append(("Forced", "yes")) }
        if attempts > 0 { lines.append(("Attempts", String(attempts))) }
        if let claim {
            lines += [
                ("Claim", claim.token), ("Worker", claim.worker),
                ("Started", claim.started.precise),
            ]
            if let build = claim.build { lines.append(("Build", build.description)) }
        }
        if let reason { lines.append(("Reason", reason)) }
        lines += hints.prefix(Self.mostHints).map { ("Hint", $0) }
        return lines
    }

    /// A limit, since a whole tree may have changed and longer lists are not
    /// read.
    private static let mostChanges = 50
    private static let mostHints = 30

    /// Reads a tag; nil when it is not an entry.
    init?(_ tag: AnnotatedTag) {
        guard tag.kind == .commit else { return nil }
        var values: [Substring: [String]] = [:]
        for line in tag.message.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            values[line[..<colon], default: []].append(PercentCoding.decoded(String(value)))
        }
        func moment(_ key: Substring) -> Timestamp? {
            values[key]?.last.flatMap { Timestamp(precise: $0) }
        }
        guard let site = values["Site"]?.last.flatMap({ try? ZentooName($0) }),
            let tuple = values["Tuple"]?.last, BuildSeries(site: site, tuple: tuple) != nil,
            let queued = moment("Queued"), let since = moment("Since")
        else { return nil }
        var heads: [String: ObjectID] = [:]
        for head in values["Head", default: []] {
            let words = head.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let id = ObjectID(hex: words[0]) else { return nil }
            heads[String(words[1])] = id
        }
        self.init(
            site: site, tuple: tuple, commit: tag.target, heads: heads,
            pusher: values["Pusher"]?.last ?? tag.tagger?.name ?? "unknown", queued: queued,
            since: since, priority: values["Priority"]?.last.flatMap { Int($0) } ?? 0,
            changes: values["Changed", default: []], isForced: values["Forced"] != nil)
        if let token = values["Claim"]?.last, let started = moment("Started") {
            claim = Claim(
                token: token, worker: values["Worker"]?.last ?? "", started: started,
                build: values["Build"]?.last.flatMap { BuildID($0) })
        }
        attempts = values["Attempts"]?.last.flatMap { Int($0) }.map { max(0, $0) } ?? 0
        reason = values["Reason"]?.last
        hints = values["Hint", default: []]
    }
}
