internal import Records

/// A summary of the origins of a build's packages: `1 made, 4 reused, 2 found`.
enum PackageCounts {
    static func text(_ packages: [RecordedPackage]) -> String {
        func count(_ disposition: RecordedPackage.Disposition) -> Int {
            packages.count { $0.disposition == disposition }
        }
        let found = count(.found)
        return "\(count(.made)) made, \(count(.reused)) reused"
            + (found == 0 ? "" : ", \(found) found")
    }
}
