/// The subordinate ids that `/etc/subuid` or `/etc/subgid` grants to users; see
/// subuid(5).
struct IDGrants: Hashable {
    /// A range of `count` ids that starts at `first`.
    struct Run: Hashable {
        var first: UInt64
        var count: UInt64
    }

    private struct Entry: Hashable {
        var owner: String
        var run: Run
    }

    private let entries: [Entry]

    /// Reads the text of such a file; invalid lines are skipped, as
    /// newuidmap(1) does.
    init(_ text: String) {
        entries = text.split(whereSeparator: \.isNewline).compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, let first = UInt32(fields[1]), let count = UInt32(fields[2])
            else { return nil }
            return Entry(
                owner: String(fields[0]), run: Run(first: UInt64(first), count: UInt64(count)))
        }
    }

    /// Returns the ranges granted to a user, by name or by number, in the order
    /// of the file. Of ranges that overlap only the first is returned: no id
    /// can be mapped twice, nor can the user's own id.
    ///
    /// - Parameters:
    ///   - user: the user's name.
    ///   - id: the user's number.
    ///   - own: the user's own id of the kind that the file is about.
    func runs(of user: String, id: UInt32, own: UInt32) -> [Run] {
        var taken = [Run(first: UInt64(own), count: 1)]
        for entry in entries where entry.owner == user || entry.owner == String(id) {
            let run = entry.run
            let isFree = taken.allSatisfy {
                run.first >= $0.first + $0.count || $0.first >= run.first + run.count
            }
            if isFree && run.count > 0 { taken.append(run) }
        }
        return Array(taken.dropFirst())
    }

    /// The first id after all ranges granted to any user.
    var end: UInt64 { entries.map { $0.run.first + $0.run.count }.max() ?? 0 }
}
