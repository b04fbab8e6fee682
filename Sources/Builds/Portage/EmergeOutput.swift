/// A line-by-line parser of the output of emerge.
enum EmergeOutput {
    /// A line that is relevant to a build.
    enum Event: Equatable {
        /// The build of package number `index` of `total` starts.
        case emerging(index: Int, total: Int, package: String, binary: Bool)
        /// A package is being merged into the root.
        case installing(index: Int, total: Int, package: String)
        /// A package is complete.
        case completed(index: Int, total: Int, package: String)
        /// The package being built has entered a phase.
        case phase(String)
        /// A package failed in a phase.
        case failed(package: String, phase: String)
        /// emerge continues without a package. If the phase that failed is
        /// known, another line states it.
        case givenUp(package: String)
        /// A sandbox could not be set up, and Portage continues without it.
        case unsandboxed(String)
    }

    /// The messages of Portage when it builds with less isolation than
    /// requested and still exits with 0, and of `distribute.py`, which requests
    /// this.
    private static let mutterings = [
        ("Unable to unshare", "namespaces"),
        ("Unable to configure loopback", "network-sandbox"),
        ("Unable to mark /proc slave", "pid-sandbox"),
        ("distcc: unsandboxed: network-sandbox", "network-sandbox"),
        ("Problem with sandbox binary. Disabling", "sandbox"),
    ]

    static func event(_ line: some StringProtocol) -> Event? {
        if line.hasPrefix(">>> ") { return progress(line.dropFirst(4)) }
        for (muttering, feature) in mutterings where line.contains(muttering) {
            return .unsandboxed(feature)
        }
        // " * ERROR: app-misc/a-1::demo failed (compile phase):"
        if let start = line.firstRange(of: "ERROR: "),
            let middle = line.firstRange(of: " failed ("),
            start.upperBound < middle.lowerBound, let end = line.firstRange(of: " phase)")
        {
            guard middle.upperBound < end.lowerBound else { return nil }
            return .failed(
                package: withoutRepository(line[start.upperBound..<middle.lowerBound]),
                phase: String(line[middle.upperBound..<end.lowerBound]))
        }
        return nil
    }

    /// Returns `app-misc/a-1` for `app-misc/a-1::demo`.
    private static func withoutRepository(_ package: some StringProtocol) -> String {
        String(package.prefix { $0 != ":" })
    }

    private static func progress(_ text: some StringProtocol) -> Event? {
        let words = text.split(separator: " ")
        guard let first = words.first else { return nil }
        switch first {
        case "Emerging", "Installing", "Completed":
            // "Emerging binary (1 of 10) app-misc/a-1::demo"
            let binary = words.count > 1 && words[1] == "binary"
            let rest = Array(words.dropFirst(binary ? 2 : 1))
            guard rest.count >= 4, rest[1] == "of", let index = Int(rest[0].dropFirst()),
                let total = Int(rest[2].dropLast())
            else { return nil }
            let package = withoutRepository(rest[3])
            switch first {
            case "Emerging":
                return .emerging(index: index, total: total, package: package, binary: binary)
            case "Installing": return .installing(index: index, total: total, package: package)
            default: return .completed(index: index, total: total, package: package)
            }
        case "Unpacking", "Preparing", "Configuring", "Compiling":
            return .phase(first.lowercased())
        case "Failed" where words.count > 3 && words[1] == "to":
            // "Failed to install app-misc/a-1, Log file:"
            return .givenUp(package: withoutRepository(words[3].prefix { $0 != "," }))
        case "Test" where words.dropFirst().first == "phase:": return .phase("test")
        case "Install" where words.count > 1: return .phase("install")
        default: return nil
        }
    }
}
