/// What a node must be for a job to be placed on it; see "Specify service
/// constraints" in docker-service-create(1).
struct SwarmConstraint: Sendable, Hashable, CustomStringConvertible {
    /// What of a node is compared.
    enum Subject: Sendable, Hashable {
        case label(String)
        case machine
    }

    let subject: Subject
    let value: String

    static func label(_ name: String, _ value: String) -> SwarmConstraint {
        SwarmConstraint(subject: .label(name), value: value)
    }

    /// Whether a node is so.
    func fits(_ node: SwarmNode) -> Bool {
        switch subject {
        case .label(let name): node.labels[name] == value
        case .machine: node.machine == value
        }
    }

    /// As Docker reads it.
    var description: String {
        switch subject {
        case .label(let name): "node.labels.\(name)==\(value)"
        case .machine: "node.platform.arch==\(value)"
        }
    }
}
