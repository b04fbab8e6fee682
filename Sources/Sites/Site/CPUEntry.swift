/// A cpu as a list has it.
package struct CPUEntry: Sendable, Hashable, Codable {
    /// Its name.
    package let name: String
    /// Its file, as `git show` takes it: `main:config/cpu/znver3`.
    package let place: String
    /// The assignments in the file's order, which matters: a value expands
    /// what was assigned before it.
    package let assignments: [Assignment]
    /// The site's tuples that are made of it.
    package let tuples: [String]
    /// What is wrong with it.
    package let mistakes: [Mistake]

    /// A line of the fragment, as make.conf(5) has it.
    package struct Assignment: Sendable, Hashable, Codable {
        /// What is assigned.
        package let variable: String
        /// Its value as written, `${VAR}` not expanded.
        package let value: String
    }

    /// What a variable has in the end, as written.
    package subscript(variable: String) -> String? {
        assignments.last { $0.variable == variable }?.value
    }
}

extension Site {
    /// The cpus, sorted by name.
    ///
    /// - Throws: `GitError`.
    package func cpus() throws -> [CPUEntry] {
        try parts.cpus.sorted().map { try cpuEntry($0) }
    }

    /// One cpu.
    ///
    /// - Throws: ``ZentooError`` when there is none of this name.
    package func cpuEntry(_ name: ZentooName) throws -> CPUEntry {
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
