internal import ArgumentParser

/// The usage of a command, in git's form.
struct Usage {
    /// The command that the arguments name.
    let command: any ParsableCommand.Type
    /// The words that call it: `git zentoo root diff`.
    let words: String
    /// The first argument that is not a subcommand, if the command needs one.
    let unknownSubcommand: String?

    private let usage: String

    /// Finds the command below `root` that `arguments` name.
    init(of root: any ParsableCommand.Type, for arguments: [String]) {
        var command = root
        var names = [Self.spoken(root._commandName)]
        var unknown: String?
        for argument in arguments {
            let subcommands = command.configuration.subcommands
            if subcommands.isEmpty { break }
            guard let next = subcommands.first(where: { $0.answers(to: argument) }) else {
                if !argument.hasPrefix("-") { unknown = argument }
                break
            }
            command = next
            names.append(next._commandName)
        }
        self.command = command
        words = names.joined(separator: " ")
        unknownSubcommand = unknown
        usage = Self.spoken(root.usageString(for: command))
    }

    /// The lines printed after an error.
    var lines: [String] { ["usage: \(usage)", "   or: \(words) --help"] }

    /// Returns a page of help with `git zentoo` for `git-zentoo`:
    /// ArgumentParser writes the name of the executable, but users type the
    /// subcommand.
    static func spokenPage(_ page: String) -> String {
        page.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            for lead in ["USAGE: ", "  See '"] where line.hasPrefix(lead) {
                return lead + spoken(String(line.dropFirst(lead.count)))
            }
            return String(line)
        }.joined(separator: "\n")
    }

    private static func spoken(_ words: String) -> String {
        words.hasPrefix("git-zentoo") ? "git zentoo" + words.dropFirst("git-zentoo".count) : words
    }

    /// Returns `message` with a lower-case first letter: ArgumentParser
    /// capitalizes its messages, git does not.
    static func uncapitalized(_ message: String) -> String {
        guard let first = message.first, message.dropFirst().first?.isUppercase != true
        else { return message }
        return first.lowercased() + message.dropFirst()
    }
}

extension ParsableCommand {
    fileprivate static func answers(to name: String) -> Bool {
        _commandName == name || configuration.aliases.contains(name)
    }
}
