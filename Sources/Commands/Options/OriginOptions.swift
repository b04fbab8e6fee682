internal import ArgumentParser
internal import Edits
internal import Sites

/// The origin of a new branch, for every command that creates one.
struct OriginOptions: ParsableArguments {
    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("Start from this branch and its history", valueName: "name"))
    var other: String?

    @Option(
        help: ArgumentHelp("Use the template in this directory", valueName: "directory"))
    var template: String?

    func validate() throws {
        if other != nil && template != nil {
            throw ValidationError("options '--from' and '--template' cannot be used together")
        }
    }

    func origin(in context: CommandContext) throws -> PartMaker.Origin {
        if let other { return .branch(try ZentooName(other)) }
        return .skeleton(try TemplateDirectory.skeleton(named: template, in: context))
    }

    /// The origin as shown to users.
    var shown: String { other ?? "the template" }
}
