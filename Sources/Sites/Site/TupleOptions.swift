/// The options that a line of `config/tuples` can set.
package struct TupleOptions: Sendable, Hashable {
    /// The condition for rebuilding an ebuild that changed without a revision
    /// bump.
    package enum Rebuild: String, Sendable, CaseIterable {
        /// Gentoo's own rule: only for a new version, revision, slot, USE or
        /// dependency.
        case revision
        /// For any change of the ebuild, its eclasses or its files.
        case anyChange = "any-change"
    }

    /// Whether a tuple with a live ebuild (`PROPERTIES=live`) can be up to
    /// date.
    package enum Live: String, Sendable, CaseIterable {
        /// Its source may have changed, so the tuple is always built.
        case rebuild
        /// A package that was built once is kept.
        case keep
    }

    /// The stage, `stage=NAME`.
    package var stage: ZentooName?
    /// `rebuild=revision|any-change`.
    package var rebuild: Rebuild?
    /// `live=rebuild|keep`.
    package var live: Live?
    /// `engine=NAME`: the engine that runs its jobs.
    package var engine: EngineName?
    /// `distcc=NUMBER`: the number of machines that compile in addition to the
    /// building machine.
    package var compilers: Int?

    /// The maximum number of compilers.
    package static let mostCompilers = 64

    /// Creates options of which none is set.
    package init() {}

    /// Sets one option from a `key=value` word.
    ///
    /// - Returns: the problem with it; nil if there is none.
    mutating func set(_ word: String) -> (message: String, hint: String)? {
        let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2 else {
            return ("'\(word)' is not an option", "write key=value; the keys are \(Self.keys)")
        }
        let value = String(pair[1])
        switch pair[0] {
        case "stage":
            guard let name = try? ZentooName(value) else {
                return ("'\(value)' is not a valid stage name", "the stages are in config/stages")
            }
            stage = name
        case "rebuild":
            guard let parsed = Rebuild(rawValue: value) else {
                return Self.unknownValue(value, of: "rebuild", Rebuild.allCases.map(\.rawValue))
            }
            rebuild = parsed
        case "live":
            guard let parsed = Live(rawValue: value) else {
                return Self.unknownValue(value, of: "live", Live.allCases.map(\.rawValue))
            }
            live = parsed
        case "engine":
            guard let parsed = EngineName(rawValue: value) else {
                return Self.unknownValue(value, of: "engine", EngineName.allCases.map(\.rawValue))
            }
            engine = parsed
        case "distcc":
            guard let number = Int(value), (0...Self.mostCompilers).contains(number) else {
                return (
                    "'\(value)' is not a value of 'distcc'",
                    "write how many machines compile, at most \(Self.mostCompilers)"
                )
            }
            compilers = number
        default:
            return ("unknown option '\(pair[0])'", "the keys are \(Self.keys)")
        }
        return nil
    }

    /// Overrides options with those that `other` sets.
    mutating func override(with other: TupleOptions) {
        stage = other.stage ?? stage
        rebuild = other.rebuild ?? rebuild
        live = other.live ?? live
        engine = other.engine ?? engine
        compilers = other.compilers ?? compilers
    }

    /// The options that change what is built, one `key=value` per line, sorted:
    /// the file `options` of the tuple commit. The stage has its own file
    /// there, `live` only decides when a build is due, `engine` and `distcc`
    /// only where it runs.
    var composed: String {
        rebuild.map { $0 == .revision ? "" : "rebuild=\($0.rawValue)\n" } ?? ""
    }

    private static let keys = "'stage', 'rebuild', 'live', 'engine' and 'distcc'"

    private static func unknownValue(
        _ value: String, of key: String, _ known: [String]
    ) -> (message: String, hint: String) {
        ("'\(value)' is not a value of '\(key)'", "write one of: \(known.joined(separator: ", "))")
    }
}

extension TupleOptions {
    /// All options except the stage, as written in `config/tuples`.
    package var listed: [String] {
        (rebuild.map { ["rebuild=\($0.rawValue)"] } ?? [])
            + (live.map { ["live=\($0.rawValue)"] } ?? [])
            + (engine.map { ["engine=\($0.rawValue)"] } ?? [])
            + (compilers.map { ["distcc=\($0)"] } ?? [])
    }
}
