internal import Records

/// Abbreviated build ids that are unique among the builds of one report.
struct BuildNames {
    private let length: Int

    /// The minimum length, which is date and time to the millisecond: two
    /// builds of one machine hardly ever share that.
    private static let shortest = 19

    init(_ builds: [BuildID]) {
        let sorted = Set(builds).sorted().map { Array($0.description.utf8) }
        length = zip(sorted, sorted.dropFirst()).reduce(Self.shortest) { length, pair in
            max(length, zip(pair.0, pair.1).prefix { $0 == $1 }.count + 1)
        }
    }

    /// Returns the abbreviated id.
    func short(_ build: BuildID) -> String { String(build.description.prefix(length)) }
}
