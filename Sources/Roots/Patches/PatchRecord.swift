internal import Files
internal import Git
internal import Records
internal import Sites

/// What is known of the patch work on one package:
///
///     package app-misc/zen-1.2.0
///     slot 0
///     repository zentoo-demo
///     over house-style.patch 8ab2... 57c1...
///     edit fix-build.patch
///     tried 99ce...
///     made 0aa2.../app-misc/zen/zen-1.2.0-3.gpkg.tar
struct PatchRecord: Sendable, Hashable {
    /// A patch that the base has been made with.
    struct Under: Sendable, Hashable {
        /// The name of its file.
        var name: String
        /// What it said.
        var id: ObjectID
        /// The commit before it, when it was saved from this very work.
        var before: ObjectID?
    }

    /// The version of which the source is.
    var cpv: CPV
    var slot: String
    /// The repository of its ebuild.
    var repository: String
    /// What the base was patched with, in order.
    var over: [Under] = []
    /// The file of the patch that is worked on anew, and not in the base.
    var edited: String?
    /// The source that was last built.
    var tried: ObjectID?
    /// The binary package of it, below the root's own: `flavour/path`.
    var made: String?

    init(cpv: CPV, slot: String, repository: String) {
        self.cpv = cpv
        self.slot = slot
        self.repository = repository
    }

    /// Reads what ``write(to:)`` wrote; nil when there is no patch work.
    ///
    /// - Throws: ``ZentooError`` when it cannot be read; `FileError`.
    init?(of place: PatchPlace) throws {
        guard let bytes = try FileContent.read(place.record) else { return nil }
        var fields: [String: [[String]]] = [:]
        for line in LineFile(bytes) {
            fields[line.words[0], default: []].append(
                line.words.dropFirst().map { PercentCoding.decoded($0) })
        }
        func first(_ key: String) -> String? { fields[key]?.first?.first }
        guard let cpv = first("package").flatMap({ CPV($0) }), cpv.package == place.package,
            let slot = first("slot"), let repository = first("repository")
        else {
            throw PatchSurvey.damaged(place)
        }
        self.init(cpv: cpv, slot: slot, repository: repository)
        over = fields["over", default: []].compactMap { words in
            guard words.count >= 2, let id = ObjectID(hex: words[1]) else { return nil }
            return Under(
                name: words[0], id: id, before: words.count > 2 ? ObjectID(hex: words[2]) : nil)
        }
        edited = first("edit")
        tried = first("tried").flatMap { ObjectID(hex: $0) }
        made = first("made")
    }

    /// - Throws: `FileError`.
    func write(to place: PatchPlace) throws {
        var lines = [["package", "\(cpv)"], ["slot", slot], ["repository", repository]]
        lines += over.map { ["over", $0.name, "\($0.id)"] + ($0.before.map { ["\($0)"] } ?? []) }
        if let edited { lines.append(["edit", edited]) }
        if let tried { lines.append(["tried", "\(tried)"]) }
        if let made { lines.append(["made", made]) }
        let text = lines.map { words in
            words.map { PercentCoding.encoded($0).replacing("#", with: "%23") }
                .joined(separator: " ") + "\n"
        }.joined()
        try FileContent.write(Array(text.utf8), to: place.record)
    }
}
