/// The engines, by the names that users give.
package enum EngineName: String, Sendable, Hashable, Codable, CaseIterable {
    /// Bubblewrap on this machine.
    case local
    /// A Docker daemon.
    case docker
    /// The machines of a Docker swarm.
    case swarm

    /// Reads the name of an engine from a setting.
    ///
    /// - Parameter setting: the name of the setting, for the message.
    /// - Throws: ``ZentooError`` that lists the valid names.
    package init(_ text: String, in setting: String) throws {
        guard let name = EngineName(rawValue: text) else {
            throw ZentooError(
                .unsupported, "unknown engine '\(text)' in \(setting)",
                hints: ["the engines are: \(Self.list); set one with 'git config \(setting) NAME'"])
        }
        self = name
    }

    /// All names, for messages.
    package static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
