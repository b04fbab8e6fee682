internal import Files
internal import Git
internal import Records
internal import Sites

/// The recorded state of the patch work on one package:
///
///     package app-misc/zen-1.2.0
///     slot 0
///     repository zentoo-demo
///     over house-style.patch 8ab2... 57c1...
///     edit fix-build.patch
///     tried 99ce...
///     made 0aa2.../app-misc/zen/zen-1.2.0-3.gpkg.tar
struct PatchRecord: Sendable, Hashable {
    /// A patch that is applied in the base.
    struct Under: Sendable, Hashable {
        /// The file name.
        var name: String
        /// The blob of its content.
        var id: ObjectID
        /// The commit before it, if it was saved from this patch work.
        var before: ObjectID?
    }

    /// The package version of the source.
    var cpv: CPV
    var slot: String
    /// The repository of its ebuild.
    var repository: String
    /// The patches applied in the base, in order.
    var over: [Under] = []
    /// The file name of the patch being edited, which is not in the base.
    var edited: String?
    /// The tree of the source that was last built.
    var tried: ObjectID?
    /// The binary package of that build, below the root's own packages:
    /// `flavour/path`.
    var made: String?

    init(cpv: CPV, slot: String, repository: String) {
        self.cpv = cpv
        self.slot = slot
        self.repository = repository
    }

    /// Reads the file that ``write(to:)`` writes; nil when there is no patch
    /// work.
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
