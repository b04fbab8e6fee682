/// The engines there are, by what a user calls them.
package enum EngineName: String, Sendable, Hashable, Codable, CaseIterable {
    /// Bubblewrap on this machine.
    case local
    /// A Docker daemon.
    case docker
    /// The machines of a Docker swarm.
    case swarm

    /// Reads a name as a setting has it.
    ///
    /// - Parameter setting: where it was written, for the message.
    /// - Throws: ``ZentooError`` that lists the names.
    package init(_ text: String, in setting: String) throws {
        guard let name = EngineName(rawValue: text) else {
            throw ZentooError(
                .unsupported, "unknown engine '\(text)' in \(setting)",
                hints: ["the engines are: \(Self.list); set one with 'git config \(setting) NAME'"])
        }
        self = name
    }

    /// All names, for people.
    package static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
