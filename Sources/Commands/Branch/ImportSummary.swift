internal import Edits
internal import Sites

/// The result of an import, for both kinds of branch.
struct ImportSummary: Report {
    let result: ImportResult

    func encode(to encoder: any Encoder) throws {
        try result.encode(to: encoder)
    }

    var page: Page {
        var page = Page()
        let files = result.files == 1 ? "1 file" : "\(result.files) files"
        let commit = result.commit.prefix(12)
        if !result.isChanged {
            page.line("\(result.branch, .name) has all this already (\(commit))")
        } else {
            page.line(
                """
                \(result.branch, .name) \(result.isNew ? "made" : "changed"): commit \
                \(commit), \(files)
                """)
        }
        for line in result.statistics { page.line("\(line)") }
        if let cpu = result.cpu { add(cpu, to: &page) }
        return page
    }

    private func add(_ cpu: ImportResult.CPUResult, to page: inout Page) {
        if let commit = cpu.commit {
            page.line("cpu '\(cpu.name)' made: commit \(commit.prefix(12))")
        } else if !cpu.isMoved {
            page.line(
                "cpu '\(cpu.name)' not made: nothing in the directory belongs to a cpu")
        } else {
            page.line("cpu '\(cpu.name)' says all this already")
        }
        for line in cpu.dropped { page.line("left out \(line), the builder's business") }
        for line in cpu.difference { page.line(Self.colored(line)) }
    }

    /// Returns a line of a patch, coloured as git does.
    static func colored(_ line: String) -> StyledText {
        switch line.first {
        case "+" where !line.hasPrefix("+++"): StyledText(line, .good)
        case "-" where !line.hasPrefix("---"): StyledText(line, .bad)
        case "@": StyledText(line, .notice)
        default: StyledText(line)
        }
    }

    /// Warns on standard error about what the branch does not keep of the
    /// directory, about imported secrets and about mistakes.
    func warn(_ output: Output) {
        for loss in result.losses {
            output.warning("\(result.branch):\(loss.file): \(loss.message)")
            if let line = loss.modesLine { output.hint("add to 'modes': \(line)") }
        }
        for secret in result.secrets {
            let place = secret.file + (secret.line.map { ":\($0)" } ?? "")
            let others =
                secret.isWorldReadable ? ", as every user of this machine can already" : ""
            output.warning(
                """
                \(result.branch):\(place): \(secret.message); whoever can read the repository \
                can read it\(others)
                """)
        }
        if !result.secrets.isEmpty, result.isChanged {
            let undo =
                result.isNew
                ? "git branch -D \(result.branch)"
                : "git branch -f \(result.branch) \(result.branch)^"
            output.hint(
                "to import without them, undo this with '\(undo)' before anybody fetches it")
        }
        for mistake in result.mistakes {
            output.warning("\(mistake.place): \(mistake.message)")
            if let hint = mistake.hint { output.hint("\(hint)") }
        }
    }
}
