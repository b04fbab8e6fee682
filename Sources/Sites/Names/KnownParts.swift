/// The existing names of each part of a tuple. The text of a tuple is parsed
/// against them, since names may contain hyphens.
package struct KnownParts: Sendable, Hashable {
    /// The files in `config/cpu`.
    package var cpus: Set<ZentooName>
    /// The branches `portage/*`.
    package var portages: Set<ZentooName>
    /// The branches `buildhooks/*`.
    package var buildhooks: Set<ZentooName>
    /// The sets of each portage branch, and under the key nil those of the
    /// site.
    package var sets: [ZentooName?: Set<ZentooName>]

    /// Creates the parts from all their names.
    package init(
        cpus: Set<ZentooName>, portages: Set<ZentooName>, buildhooks: Set<ZentooName>,
        sets: [ZentooName?: Set<ZentooName>]
    ) {
        self.cpus = cpus
        self.portages = portages
        self.buildhooks = buildhooks
        self.sets = sets
    }

    /// Returns every way to read `text` as a tuple of existing parts. One
    /// reading is valid; none or several are a mistake of the user.
    package func readings(of text: String) -> [Tuple] {
        var found: [Tuple] = []
        for (cpu, afterCPU) in heads(of: text[...], among: cpus) {
            for (portage, afterPortage) in heads(of: afterCPU, among: portages) {
                for (hooks, rest) in heads(of: afterPortage, among: buildhooks) {
                    guard let packages = try? ZentooName(String(rest)),
                        hasSet(packages, in: portage)
                    else { continue }
                    found.append(
                        Tuple(cpu: cpu, portage: portage, buildhooks: hooks, packages: packages))
                }
            }
        }
        return found
    }

    /// Returns whether a portage branch or the site has a set of this name.
    package func hasSet(_ name: ZentooName, in portage: ZentooName) -> Bool {
        sets[nil, default: []].contains(name) || sets[portage, default: []].contains(name)
    }

    /// Returns why `text` has no reading: the first part that matches no
    /// existing name, the rest of the text, and the existing names.
    package func missingPart(of text: String) -> (part: String, rest: String, known: [ZentooName]) {
        let afterCPU = heads(of: text[...], among: cpus).map(\.1)
        guard !afterCPU.isEmpty else { return ("cpu", text, cpus.sorted()) }
        let afterPortage = afterCPU.flatMap { rest in
            heads(of: rest, among: portages).map { ($0.0, $0.1) }
        }
        guard !afterPortage.isEmpty else {
            return ("portage branch", String(afterCPU[0]), portages.sorted())
        }
        let afterHooks = afterPortage.flatMap { portage, rest in
            heads(of: rest, among: buildhooks).map { (portage, $0.1) }
        }
        guard let (portage, rest) = afterHooks.first else {
            return ("buildhooks branch", String(afterPortage[0].1), buildhooks.sorted())
        }
        let known = sets[nil, default: []].union(sets[portage, default: []])
        return ("package set", String(rest), known.sorted())
    }

    /// Returns the names that `text` begins with, each with the text after its
    /// hyphen.
    private func heads(
        of text: Substring, among names: Set<ZentooName>
    ) -> [(ZentooName, Substring)] {
        var found: [(ZentooName, Substring)] = []
        var rest = text.utf8[...]
        while let hyphen = rest.firstIndex(of: UInt8(ascii: "-")) {
            let behind = text.utf8.index(after: hyphen)
            if let name = try? ZentooName(String(text[..<hyphen])), names.contains(name) {
                found.append((name, text[behind...]))
            }
            rest = text.utf8[behind...]
        }
        return found
    }
}
