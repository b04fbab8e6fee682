import ArgumentParser
import Files
import SystemPackage
import Testing

@testable import Commands

/// Every command and option that a message, a hint, the manual's prose or the
/// README mentions after `git zentoo` exists.
@Suite struct HintTests {
    private static let sources = FilePath("\(#filePath)").removingLastComponent()
        .removingLastComponent().removingLastComponent()

    /// The words after `git zentoo`, and where they are written.
    private struct Mention: CustomStringConvertible {
        let place: String
        let words: [String]

        var description: String { "\(place): git zentoo \(words.joined(separator: " "))" }
    }

    @Test func mentionedCommandsExist() throws {
        var checked = 0
        for mention in try Self.mentions() {
            checked += 1
            if let problem = Self.problem(of: mention.words) {
                Issue.record("\(mention): \(problem)")
            }
        }
        #expect(checked > 100)
    }

    @Test func unknownCommandsAreDetected() {
        #expect(Self.problem(of: ["gc"]) != nil)
        #expect(Self.problem(of: ["build", "--nonsense"]) != nil)
        #expect(Self.problem(of: ["root", "nonsense"]) != nil)
        #expect(Self.problem(of: ["build", "--keep", "X"]) == nil)
        #expect(Self.problem(of: ["queue", "retry", "X"]) == nil)
        #expect(Self.problem(of: []) == nil)
    }

    /// Returns why a command line cannot be typed, or nil if it can.
    private static func problem(of words: [String]) -> String? {
        var command: any ParsableCommand.Type = Tool.self
        var rest = words[...]
        while let word = rest.first, !command.configuration.allSubcommands.isEmpty {
            if word.hasPrefix("-") { break }
            guard
                let next = command.configuration.allSubcommands.first(where: {
                    $0._commandName == word || $0.configuration.aliases.contains(word)
                })
            else {
                // A placeholder for an argument.
                return word.allSatisfy { $0.isUppercase || !$0.isLetter } ? nil : "no '\(word)'"
            }
            command = next
            rest = rest.dropFirst()
        }
        let page = command.helpMessage(includeHidden: true)
        for option in rest.prefix(while: { $0 != "--" }) where option.hasPrefix("--") {
            let name = option.prefix { $0 != "=" }
            let isThere = page.split { " ,[]\n=|()".contains($0) }.contains(name)
            if !isThere, !["--help", "--version"].contains(name) { return "no '\(name)'" }
        }
        return nil
    }

    private static func mentions() throws -> [Mention] {
        var files: [FilePath] = [sources.appending("README.md")]
        try collect("swift", below: sources.appending("Sources"), into: &files)
        try collect("md", below: sources.appending("Sources"), into: &files)
        try collect("inc", below: sources.pushing("config/man"), into: &files)
        return try files.flatMap { file in
            let text = String(decoding: try FileContent.read(file) ?? [], as: UTF8.self)
            let isCode = file.extension == "swift"
            return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .flatMap { index, line -> [Mention] in
                    mentions(in: String(line), isCode: isCode).map {
                        Mention(
                            place: "\(file.lastComponent?.string ?? ""):\(index + 1)", words: $0)
                    }
                }
        }
    }

    /// Returns the words up to the end of the line of code, quotation or sentence.
    private static func mentions(in line: String, isCode: Bool) -> [[String]] {
        let plain = line.replacing(#/\\\([^()]*(\([^()]*\)[^()]*)*\)/#, with: " X")
            .replacing("\\-", with: "-").replacing(#/\\f[BIRP]/#, with: "")
        return plain.split(separator: "git zentoo ", omittingEmptySubsequences: false).dropFirst()
            .map { rest in
                let end = rest.firstIndex { "'\"`;:,|()#$".contains($0) } ?? rest.endIndex
                return rest[..<end].split(separator: " ").map(String.init)
                    .map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
            }
            // Prose about the program, not a command line.
            .filter { words in
                guard let first = words.first else { return false }
                return !prose.contains(first)
            }
    }

    private static let prose: Set<String> = [
        "as", "COMMAND", "alone", "takes", "makes", "for", "is", "in", "calls", "again",
    ]

    private static func collect(
        _ ending: String, below folder: FilePath, into files: inout [FilePath]
    ) throws {
        for name in try Directory.names(in: folder) {
            let path = folder.appending(name)
            if try FileStatus.of(path)?.kind == .directory {
                try collect(ending, below: path, into: &files)
            } else if path.extension == ending {
                files.append(path)
            }
        }
    }
}

extension CommandConfiguration {
    fileprivate var allSubcommands: [any ParsableCommand.Type] {
        subcommands + groupedSubcommands.flatMap(\.subcommands)
    }
}
