/// A constraint on the nodes for a job; see "Specify service constraints" in
/// docker-service-create(1).
struct SwarmConstraint: Sendable, Hashable, CustomStringConvertible {
    /// The property of a node that is compared.
    enum Subject: Sendable, Hashable {
        case label(String)
        case machine
    }

    let subject: Subject
    let value: String

    static func label(_ name: String, _ value: String) -> SwarmConstraint {
        SwarmConstraint(subject: .label(name), value: value)
    }

    /// Returns whether a node satisfies the constraint.
    func fits(_ node: SwarmNode) -> Bool {
        switch subject {
        case .label(let name): node.labels[name] == value
        case .machine: node.machine == value
        }
    }

    /// The constraint in Docker's syntax.
    var description: String {
        switch subject {
        case .label(let name): "node.labels.\(name)==\(value)"
        case .machine: "node.platform.arch==\(value)"
        }
    }
}
