internal import ArgumentParser
internal import Sites

/// Where jobs run, for every command that runs some.
struct EngineOptions: ParsableArguments {
    @Option(
        name: .customLong("engine"),
        help: ArgumentHelp(
            "Run all jobs there, whatever the tuple's 'engine=' and 'zentoo.engine' say: "
                + EngineName.list,
            valueName: "name"),
        completion: .list(EngineName.allCases.map(\.rawValue)),
        transform: EngineOptions.name)
    var name: EngineName?

    /// Reads the name of an engine.
    @Sendable static func name(_ text: String) throws -> EngineName {
        guard let name = EngineName(rawValue: text) else {
            throw ValidationError("the engines are: \(EngineName.list)")
        }
        return name
    }
}
