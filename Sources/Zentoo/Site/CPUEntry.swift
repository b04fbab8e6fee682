/// A cpu as a list has it.
public struct CPUEntry: Sendable, Hashable, Codable {
    /// Its name.
    public let name: String
    /// Its file, as `git show` takes it: `main:config/cpu/znver3`.
    public let place: String
    /// The assignments in the file's order, which matters: a value expands
    /// what was assigned before it.
    public let assignments: [Assignment]
    /// The site's tuples that are made of it.
    public let tuples: [String]
    /// What is wrong with it.
    public let mistakes: [Mistake]

    /// A line of the fragment, as make.conf(5) has it.
    public struct Assignment: Sendable, Hashable, Codable {
        /// What is assigned.
        public let variable: String
        /// Its value as written, `${VAR}` not expanded.
        public let value: String
    }

    /// What a variable has in the end, as written.
    public subscript(variable: String) -> String? {
        assignments.last { $0.variable == variable }?.value
    }
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
        return CPUEntry(
            name: name.text, place: "\(shownRef):\(CPUFragment.folder)/\(name)",
            assignments: MakeConf(fragment.bytes).assignments.map {
                CPUEntry.Assignment(variable: $0.name, value: $0.value)
            },
            tuples: declaredTuples.filter { $0.cpu == name }.map(\.text),
            mistakes: fragment.mistakes)
    }
}
