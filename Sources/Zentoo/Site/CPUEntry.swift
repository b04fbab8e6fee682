/// A cpu as a list has it.
public struct CPUEntry: Sendable, Hashable, Codable {
    /// Its name.
    public let name: String
    /// Its file, as `git show` takes it: `main:config/cpu/znver3`.
    public let place: String
    /// The assignments, by variable, as written; later ones win.
    public let variables: [String: String]
    /// The site's tuples that are made of it.
    public let tuples: [String]
    /// What is wrong with it.
    public let mistakes: [Mistake]
}

extension Site {
    /// The cpus, sorted by name.
    ///
    /// - Throws: `GitError`.
    public func cpus() throws -> [CPUEntry] {
        try parts.cpus.sorted().map { try cpuEntry($0) }
    }

    /// One cpu.
    ///
    /// - Throws: ``ZentooError`` when there is none of this name.
    public func cpuEntry(_ name: ZentooName) throws -> CPUEntry {
        let fragment = try cpu(name)
        var variables: [String: String] = [:]
        for assignment in MakeConf(fragment.bytes).assignments {
            variables[assignment.name] = assignment.value
        }
        return CPUEntry(
            name: name.text, place: "\(shownRef):\(CPUFragment.folder)/\(name)",
            variables: variables, tuples: declaredTuples.filter { $0.cpu == name }.map(\.text),
            mistakes: fragment.mistakes)
    }
}
