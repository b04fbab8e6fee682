/// The ids that `/etc/subuid` or `/etc/subgid` grants to users beside their
/// own; see subuid(5).
struct IDGrants: Hashable {
    /// So many ids from `first` on.
    struct Run: Hashable {
        var first: UInt64
        var count: UInt64
    }

    private struct Entry: Hashable {
        var owner: String
        var run: Run
    }

    private let entries: [Entry]

    /// Reads the text of such a file; lines that are none of its own are
    /// passed over, as by newuidmap(1).
    init(_ text: String) {
        entries = text.split(whereSeparator: \.isNewline).compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, let first = UInt32(fields[1]), let count = UInt32(fields[2])
            else { return nil }
            return Entry(
                owner: String(fields[0]), run: Run(first: UInt64(first), count: UInt64(count)))
        }
    }

    /// What is granted to a user, by name or by number, in the order of the
    /// file. Of runs that overlap the first counts: no id can be mapped twice,
    /// nor one that is the user's already.
    ///
    /// - Parameter own: the user's own id of the kind that the file is about.
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

    /// Behind all that is granted to anybody.
    var end: UInt64 { entries.map { $0.run.first + $0.run.count }.max() ?? 0 }
}
