internal import Sites

extension PlannedPackage {
    /// Creates a package from an entry of Portage's plan. Returns nil if the
    /// entry is invalid.
    ///
    /// - Parameter flavour: the flavour it is compiled with.
    init?(_ entry: MergePlan.Entry, chost: String, flavour: String) {
        guard let cpv = CPV(entry.cpv) else { return nil }
        self.init(
            cpv: cpv, slot: entry.slot, use: Self.enabled(entry.flags),
            repository: entry.repository, chost: chost, flavour: flavour,
            isReused: entry.source == .reuse)
    }

    /// Returns the flags that are enabled in
    /// `USE="nls -static" ABI_X86="(64) -32*"`; those of variables other than
    /// USE have the variable's name as prefix.
    static func enabled(_ shown: String) -> [String] {
        var flags: [String] = []
        let halves = shown.split(separator: "\"", omittingEmptySubsequences: false)
        for (head, list) in zip(
            stride(from: 0, to: halves.count - 1, by: 2).map { halves[$0] },
            stride(from: 1, to: halves.count, by: 2).map { halves[$0] })
        {
            let variable = head.filter { $0 != " " && $0 != "=" }
            let prefix = variable == "USE" ? "" : variable.lowercased() + "_"
            for word in list.split(separator: " ") {
                // emerge(1): () forced or masked, {} bound to FEATURES=test,
                // * changed, % new in the ebuild.
                let flag = word.filter { !"(){}*%".contains($0) }
                if !flag.isEmpty, !flag.hasPrefix("-") { flags.append(prefix + flag) }
            }
        }
        return flags.sorted()
    }
}
