package import Sites

/// The options that a pusher can give to the server with `git push -o`.
package struct PushOptions: Sendable, Hashable {
    /// `zentoo.skip`: nothing is queued.
    package var skips = false
    /// `zentoo.only=PATTERN`: only the tuples that match are queued; all when
    /// empty.
    package var only: [TuplePattern] = []
    /// `zentoo.wait`: the push waits until what it queued is built.
    package var waits = false
    /// `zentoo.priority=N`: higher is built earlier.
    package var priority = 0

    /// The valid priorities.
    package static let priorities = -100...100

    /// Creates the default options.
    package init() {}

    /// Reads the options that git passes to its hooks; those of other programs
    /// are ignored.
    ///
    /// - Parameter environment: `GIT_PUSH_OPTION_COUNT` and
    ///   `GIT_PUSH_OPTION_<n>` of githooks(5).
    /// - Throws: ``ZentooError`` for an unknown or invalid option that begins
    ///   with `zentoo.`.
    package init(environment: [String: String]) throws {
        let count = environment["GIT_PUSH_OPTION_COUNT"].flatMap { Int($0) } ?? 0
        for index in 0..<max(0, count) {
            guard let option = environment["GIT_PUSH_OPTION_\(index)"] else { break }
            try set(option)
        }
    }

    private mutating func set(_ option: String) throws {
        guard option.hasPrefix("zentoo.") else { return }
        let pair = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        switch (pair[0], pair.count == 2 ? String(pair[1]) : nil) {
        case ("zentoo.skip", nil): skips = true
        case ("zentoo.wait", nil): waits = true
        case ("zentoo.only", let text?):
            // A tuple is a pattern that matches itself.
            guard let pattern = TuplePattern(text) else {
                throw ZentooError(
                    .unsupported, "'\(text)' in push option 'zentoo.only' is not a pattern",
                    hints: ["write a tuple, or four parts: -o 'zentoo.only=*-base-*-*'"])
            }
            only.append(pattern)
        case ("zentoo.priority", let text?):
            guard let number = Int(text), Self.priorities.contains(number) else {
                throw ZentooError(
                    .unsupported, "push option 'zentoo.priority' wants a number",
                    hints: ["from -100, built last, to 100, built first"])
            }
            priority = number
        default:
            throw ZentooError(
                .unsupported, "unknown push option '\(option)'",
                hints: [
                    "the options are zentoo.skip, zentoo.only=PATTERN, zentoo.priority=N "
                        + "and zentoo.wait"
                ])
        }
    }

    /// Whether a tuple is to be queued at all.
    func wants(_ tuple: Tuple) -> Bool {
        !skips && (only.isEmpty || only.contains { $0.matches(tuple) })
    }
}
