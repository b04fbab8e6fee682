internal import ArgumentParser

/// A command as ArgumentParser describes it to tools
/// (`--experimental-dump-help`, serialization version 0): the source of the
/// manual pages.
struct CommandDescription: Decodable {
    let commandName: String
    let shouldDisplay: Bool?
    let abstract: String?
    let discussion: String?
    let subcommands: [CommandDescription]?
    let arguments: [ArgumentDescription]?

    /// The documented subcommands; `help` has no page of its own.
    var visibleSubcommands: [CommandDescription] {
        (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
    }

    /// The documented arguments.
    var visibleArguments: [ArgumentDescription] {
        (arguments ?? []).filter { $0.shouldDisplay != false }
    }

    /// Returns the description of `root` and all its subcommands.
    static func tree(of root: any ParsableCommand.Type) throws -> CommandDescription {
        struct Dump: Decodable {
            let command: CommandDescription
        }
        return try JSONText.decode(Dump.self, from: root._dumpHelp()).command
    }
}

/// An option or argument of a command.
struct ArgumentDescription: Decodable {
    struct Name: Decodable {
        let kind: String
        let name: String

        /// The name as users type it.
        var spelling: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: String
    let shouldDisplay: Bool?
    let isOptional: Bool
    let isRepeating: Bool
    let names: [Name]?
    let preferredName: Name?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let abstract: String?
    let discussion: String?

    var isPositional: Bool { kind == "positional" }

    /// Whether it is `--help` or `--version`, which ArgumentParser adds to
    /// every command; git(1) describes them.
    var isBuiltIn: Bool { ["help", "version"].contains(preferredName?.name) }

    /// All its names as users type them, the short one first.
    var spellings: [String] {
        (names ?? []).map(\.spelling).sorted { $0.utf8.count < $1.utf8.count }
    }

    var takesValue: Bool { kind != "flag" }
}
