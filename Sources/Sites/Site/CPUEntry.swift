/// A cpu in a list.
package struct CPUEntry: Sendable, Hashable, Codable {
    /// Its name.
    package let name: String
    /// Its file, as `git show` takes it: `main:config/cpu/znver3`.
    package let place: String
    /// The assignments in the order of the file, which matters: a value expands
    /// earlier assignments.
    package let assignments: [Assignment]
    /// The site's tuples that use it.
    package let tuples: [String]
    /// The mistakes in its file.
    package let mistakes: [Mistake]

    /// An assignment of the fragment (make.conf(5)).
    package struct Assignment: Sendable, Hashable, Codable {
        /// The name of the variable.
        package let variable: String
        /// Its value as written, `${VAR}` not expanded.
        package let value: String
    }

    /// The final value of a variable, as written.
    package subscript(variable: String) -> String? {
        assignments.last { $0.variable == variable }?.value
    }
}

extension Site {
    /// Returns the cpus, sorted by name.
    ///
    /// - Throws: `GitError`.
    package func cpus() throws -> [CPUEntry] {
        try parts.cpus.sorted().map { try cpuEntry($0) }
    }

    /// Returns one cpu.
    ///
    /// - Throws: ``ZentooError`` if there is none of this name.
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
