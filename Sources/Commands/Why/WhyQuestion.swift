internal import Builds
internal import Records
internal import Sites

/// The subject of `git zentoo why`: a tuple, and optionally a package of it.
struct WhyQuestion {
    let series: BuildSeries
    let package: String?

    /// Interprets up to two words as tuple and package.
    ///
    /// - Throws: `ZentooError` if it is not clear which tuple is meant, or if
    ///   the word is not a tuple.
    init(_ words: [String], in session: Session, _ records: ResultReader) throws {
        let site = try? session.site()
        let recorded = try records.whence.series(of: session.siteName).map(\.tuple)
        func isTuple(_ word: String) -> Bool {
            recorded.contains(word) || site?.parts.readings(of: word).isEmpty == false
        }
        // An unknown word is classified by its form.
        let first = words.first.flatMap { word in
            isTuple(word) || words.count == 2 || !Self.looksLikePackage(word) ? word : nil
        }
        package = words.count == 2 ? words[1] : first == nil ? words.first : nil
        let tuple: String
        if let first {
            tuple = first
        } else {
            let known = site?.declaredTuples.map(\.text) ?? recorded
            guard let only = session.settings.defaultTuple ?? (known.count == 1 ? known[0] : nil)
            else {
                let asked = package.map { " \($0)" } ?? ""
                throw ZentooError(
                    known.isEmpty ? .notFound : .ambiguous,
                    "site '\(session.siteName)' has \(Amount.of(known.count, "tuple"))",
                    hints: known.prefix(10).map { "git zentoo why \($0)\(asked)" })
            }
            tuple = only
        }
        guard let series = BuildSeries(site: session.siteName, tuple: tuple) else {
            throw ZentooError(
                .invalidName, "'\(tuple)' is not a tuple",
                hints: ["a tuple is <cpu>-<portage>-<buildhooks>-<packages>"])
        }
        self.series = series
    }

    private static func looksLikePackage(_ word: String) -> Bool {
        switch WhenceQuery(word) {
        case .version, .package: true
        // A word of four or more parts is more likely a mistyped tuple.
        case .word: word.split(separator: "-").count < 4
        case .digest, .path, nil: false
        }
    }
}
