internal import Builds
internal import Records
internal import Sites

/// What `git zentoo why` is asked: a tuple, and a package of it or none.
struct WhyQuestion {
    let series: BuildSeries
    let package: String?

    /// Sorts one or two words into tuple and package.
    ///
    /// - Throws: `ZentooError` when it is not clear which tuple is meant.
    init(_ words: [String], in session: Session, _ records: ResultReader) throws {
        let site = try? session.site()
        let recorded = try records.whence.series(of: session.siteName).map(\.tuple)
        func isTuple(_ word: String) -> Bool {
            recorded.contains(word) || site?.parts.readings(of: word).isEmpty == false
        }
        // A word that is neither is taken for what it looks like.
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
        // Four parts and more are a tuple's, mistyped, rather than a package's.
        case .word: word.split(separator: "-").count < 4
        case .digest, .path, nil: false
        }
    }
}
