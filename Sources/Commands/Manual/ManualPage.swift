internal import ArgumentParser

/// A manual page of section 1, generated from a command, with hand-written
/// sections from a prose file if there is one.
struct ManualPage {
    /// The name of the page that `git help zentoo-build` looks up:
    /// `git-zentoo-build`.
    let name: String
    private let command: CommandDescription
    private let others: [String]
    private let groups: [Group]

    /// Commands under a heading, as in the help.
    struct Group {
        let title: String
        let commands: [String]
    }

    /// Returns the page of the tool and one for each of its commands.
    static func all(of root: any ParsableCommand.Type) throws -> [ManualPage] {
        let tool = try CommandDescription.tree(of: root)
        let groups = root.configuration.groupedSubcommands.map { group in
            Group(title: group.name, commands: group.subcommands.map { $0._commandName })
        }
        let pages = tool.visibleSubcommands.map { "\(tool.commandName)-\($0.commandName)" }
        return [ManualPage(name: tool.commandName, command: tool, others: pages, groups: groups)]
            + tool.visibleSubcommands.map { command in
                ManualPage(
                    name: "\(tool.commandName)-\(command.commandName)", command: command,
                    others: [tool.commandName], groups: [])
            }
    }

    /// Returns the page in the man(7) language; `prose` comes before SEE ALSO.
    func rendered(prose: String) -> String {
        var lines = [
            ".\\\" Made from the program's own description; its prose is in config/man.",
            ".TH \"\(name.uppercased())\" 1 \"\" \"git-zentoo \(Version.current)\" \"Git Manual\"",
            // No hyphenation and no justification, so that options are not
            // split.
            ".nh", ".ad l",
            ".SH NAME",
            "\(ManualText.escaped(name)) \\- \(ManualText.escaped(command.abstract ?? ""))",
            ".SH SYNOPSIS",
        ]
        lines += synopsis(spokenName, of: command)
        lines.append(".SH DESCRIPTION")
        lines.append(ManualText.sentence(command.abstract ?? ""))
        if let discussion = command.discussion {
            lines.append(".PP")
            lines += ManualText.paragraphs(discussion)
        }
        lines += commands + options(of: command, under: ".SH OPTIONS")
        if !prose.isEmpty { lines.append(prose.last == "\n" ? String(prose.dropLast()) : prose) }
        lines.append(".SH SEE ALSO")
        lines.append(
            (others + ["git"]).sorted()
                .map { "\(ManualText.bold($0))(1)" }.joined(separator: ",\n"))
        return lines.joined(separator: "\n") + "\n"
    }

    /// The command as users type it: `git zentoo build`.
    private var spokenName: String {
        "git zentoo"
            + (name.hasPrefix("git-zentoo-") ? " " + name.dropFirst("git-zentoo-".count) : "")
    }

    private var commands: [String] {
        let visible = command.visibleSubcommands
        guard !visible.isEmpty else { return [] }
        let entries = groups.isEmpty ? visible.flatMap(described) : groups.flatMap(listed)
        return [".SH COMMANDS"] + entries
    }

    /// Returns the full description of a subcommand, which has no page of its
    /// own.
    private func described(_ subcommand: CommandDescription) -> [String] {
        var lines = synopsis("\(spokenName) \(subcommand.commandName)", of: subcommand, ".TP")
        lines.append(ManualText.sentence(subcommand.abstract ?? ""))
        if let discussion = subcommand.discussion {
            lines.append(".sp")
            lines += ManualText.paragraphs(discussion)
        }
        return lines + [".RS"] + options(of: subcommand, under: nil) + [".RE"]
    }

    /// Returns the list of a group's commands, which have pages of their own.
    private func listed(_ group: Group) -> [String] {
        let members = command.visibleSubcommands.filter { group.commands.contains($0.commandName) }
        guard !members.isEmpty else { return [] }
        var lines = [".SS \(ManualText.escaped(group.title))"]
        for member in members {
            lines += [".TP", "\(ManualText.bold("\(name)-\(member.commandName)"))(1)"]
            lines.append(ManualText.sentence(member.abstract ?? ""))
        }
        return lines
    }

    private func synopsis(
        _ words: String, of command: CommandDescription, _ lead: String = ".HP"
    ) -> [String] {
        let arguments = command.visibleArguments.filter { !$0.isBuiltIn }.map { argument in
            let shown =
                argument.invocation(argument.preferredName?.spelling)
                + (argument.isRepeating ? "..." : "")
            return argument.isOptional ? "[\(shown)]" : shown
        }
        let tail = command.visibleSubcommands.isEmpty ? [] : [ManualText.italic("command") + " ..."]
        return [lead, ([ManualText.bold(words)] + arguments + tail).joined(separator: " ")]
    }

    private func options(of command: CommandDescription, under heading: String?) -> [String] {
        let arguments = command.visibleArguments.filter { !$0.isBuiltIn }
        let entries = arguments.flatMap { argument -> [String] in
            let spellings = argument.spellings
            let tag =
                argument.isPositional
                ? argument.invocation(nil)
                : spellings.map { argument.invocation($0) }.joined(separator: ", ")
            var text = [".TP", tag, ManualText.sentence(argument.abstract ?? "")]
            if let discussion = argument.discussion {
                text += [".sp"] + ManualText.paragraphs(discussion)
            }
            if let value = argument.defaultValue, argument.takesValue {
                text.append("The default is \(ManualText.bold(value)).")
            }
            if let values = argument.allValues, !values.isEmpty {
                text.append(
                    "One of \(values.map(ManualText.bold).joined(separator: ", ")).")
            }
            return text
        }
        return (entries.isEmpty ? [] : [heading].compactMap { $0 }) + entries
    }
}

extension ArgumentDescription {
    fileprivate func invocation(_ spelling: String?) -> String {
        let value = takesValue ? ManualText.italic("<\(valueName ?? "value")>") : nil
        return [spelling.map(ManualText.bold), value].compactMap { $0 }.joined(separator: " ")
    }
}
