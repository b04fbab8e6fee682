internal import ArgumentParser
internal import Sites

/// The engine of jobs, for every command that runs some.
struct EngineOptions: ParsableArguments {
    @Option(
        name: .customLong("engine"),
        help: ArgumentHelp(
            "Run all jobs on this engine; overrides 'engine=' of tuples and 'zentoo.engine': "
                + EngineName.list,
            valueName: "name"),
        completion: .list(EngineName.allCases.map(\.rawValue)),
        transform: EngineOptions.name)
    var name: EngineName?

    /// Parses the name of an engine.
    ///
    /// - Throws: `ValidationError` if there is no such engine.
    @Sendable static func name(_ text: String) throws -> EngineName {
        guard let name = EngineName(rawValue: text) else {
            throw ValidationError("the engines are: \(EngineName.list)")
        }
        return name
    }
}
