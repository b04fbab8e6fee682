internal import Files
internal import Sites

/// The settings of a root on this machine that its branch does not contain:
///
///     stage demo sha256:35b1...
///     kept 20261124T020000.000Z-k3v9q2d7xw-enter sha256:35b1...
struct RootSettings: Sendable, Hashable {
    /// The changes that a session left in the root for the next one.
    struct Layer: Sendable, Hashable {
        /// The job whose root it is.
        var job: String
        /// The stage below it.
        var stage: SHA256Digest
    }

    /// The stage that the root uses, if not the tuple's.
    var stage: ComposedStage?
    /// The kept changes.
    var kept: Layer?

    init() {}

    /// Reads the file that ``write(to:)`` writes; unreadable lines are ignored.
    init(of place: RootPlace) throws {
        for line in LineFile(try FileContent.read(place.settings) ?? []) {
            let words = line.words
            guard words.count == 3, words[2].hasPrefix("sha256:"),
                let digest = SHA256Digest(String(words[2].dropFirst("sha256:".count)))
            else { continue }
            switch words[0] {
            case "stage":
                stage = (try? ZentooName(words[1])).map {
                    ComposedStage(name: $0, digest: digest)
                }
            case "kept": kept = Layer(job: words[1], stage: digest)
            default: break
            }
        }
    }

    /// - Throws: `FileError`.
    func write(to place: RootPlace) throws {
        var lines: [String] = []
        if let stage { lines.append("stage \(stage.name) sha256:\(stage.digest)") }
        if let kept { lines.append("kept \(kept.job) sha256:\(kept.stage)") }
        try FileContent.write(Array(lines.map { "\($0)\n" }.joined().utf8), to: place.settings)
    }
}
