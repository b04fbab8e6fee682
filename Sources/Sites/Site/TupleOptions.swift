/// The options a line of `config/tuples` may set.
package struct TupleOptions: Sendable, Hashable {
    /// When an ebuild that changed without a revision bump is built again.
    package enum Rebuild: String, Sendable, CaseIterable {
        /// Gentoo's own rule: a new version, revision, slot, USE or dependency.
        case revision
        /// Any change to the ebuild, its eclasses or its files.
        case anyChange = "any-change"
    }

    /// What a live ebuild (`PROPERTIES=live`) means for being up to date.
    package enum Live: String, Sendable, CaseIterable {
        /// Its source may have changed: such a tuple is always built.
        case rebuild
        /// What was built once stays.
        case keep
    }

    /// The stage, `stage=NAME`.
    package var stage: ZentooName?
    /// `rebuild=revision|any-change`.
    package var rebuild: Rebuild?
    /// `live=rebuild|keep`.
    package var live: Live?
    /// `engine=NAME`: where its jobs run.
    package var engine: EngineName?
    /// `distcc=NUMBER`: on how many machines it is compiled beside the one that
    /// builds it.
    package var compilers: Int?

    /// How many compilers there may be.
    package static let mostCompilers = 64

    /// Nothing set.
    package init() {}

    /// Sets one `key=value` word.
    ///
    /// - Returns: what is wrong with it, or nil.
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

    /// Takes over what `other` sets.
    mutating func override(with other: TupleOptions) {
        stage = other.stage ?? stage
        rebuild = other.rebuild ?? rebuild
        live = other.live ?? live
        engine = other.engine ?? engine
        compilers = other.compilers ?? compilers
    }

    /// The options that change what is built, one `key=value` a line, sorted:
    /// the tuple commit's `options`. The stage has a file of its own there,
    /// `live` only says when a build is due, `engine` and `distcc` where it runs.
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
    /// All but the stage, as one writes them.
    package var listed: [String] {
        (rebuild.map { ["rebuild=\($0.rawValue)"] } ?? [])
            + (live.map { ["live=\($0.rawValue)"] } ?? [])
            + (engine.map { ["engine=\($0.rawValue)"] } ?? [])
            + (compilers.map { ["distcc=\($0)"] } ?? [])
    }
}
