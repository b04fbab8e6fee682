/// How binary packages were merged, as `merge.py` reports it in its last line.
package struct MergeSummary: Sendable, Hashable, Codable {
    /// The program that merged the packages.
    package enum Route: String, Sendable, Hashable, Codable {
        /// `merge.py`, in one process.
        case native
        /// `merge.py` the packages that waited for nothing to be compiled, then
        /// emerge.
        case mixed
        /// Portage's own emerge.
        case emerge
        /// None: emerge ended before anything could be merged.
        case none
        /// `merge.py` failed, not a package: the root has to be thrown away.
        case broken
    }

    /// The program that merged the packages.
    package let route: Route
    /// Why it was not `merge.py`, or why that failed.
    package let reason: String?
    /// Numbers by name, such as `packages`, `direct`, `phases`; see `merge.py`.
    package let counts: [String: Int]

    /// Why emerge merged the packages; nil if it did not.
    package var reasonForEmerge: String? {
        [.emerge, .broken].contains(route) ? reason ?? "it gave no reason" : nil
    }

    /// The exit status of `merge.py` for ``Route/broken``: EX_TEMPFAIL of
    /// sysexits.h.
    static let brokenStatus: Int32 = 75

    private static let lead = ">>> zentoo: merge "

    /// Reads a line of the output of `merge.py`. Returns nil if it is not a summary.
    init?(line: String) {
        guard line.hasPrefix(Self.lead) else { return nil }
        var words = line.dropFirst(Self.lead.count)
        var reason: String?
        if let place = words.firstRange(of: "reason=") {
            reason = String(words[place.upperBound...])
            words = words[..<place.lowerBound]
        }
        var route: Route?
        var counts: [String: Int] = [:]
        for word in words.split(separator: " ") {
            let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { return nil }
            if pair[0] == "route" {
                route = Route(rawValue: pair[1])
            } else if let count = Int(pair[1]) {
                counts[pair[0]] = count
            }
        }
        guard let route else { return nil }
        self.route = route
        self.reason = reason
        self.counts = counts
    }
}
