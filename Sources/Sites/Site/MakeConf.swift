/// The assignments of a make.conf(5) file.
///
/// The grammar is the one that Portage reads (`getconfig` in
/// portage/util/__init__.py, by Python's shlex): `VAR="value"`, optionally after
/// `export`, with blanks around the equals sign, both kinds of quotes,
/// backslashes and values over several lines. Nothing is expanded: what matters
/// here is who assigns what, and whether an assignment keeps the earlier value.
package struct MakeConf {
    /// One assignment, as `CFLAGS="-O2"` (make.conf(5)).
    package struct Assignment: Equatable {
        /// Of the assignment's first character, counted from 1.
        package let line: Int
        /// Of its last character: values may have several lines.
        package let lastLine: Int
        /// The variable.
        package let name: String
        /// Without quotes, `${VAR}` as written.
        package let value: String

        /// Whether the value expands one of `names`.
        func refers(to names: Set<String>) -> Bool { !references.isDisjoint(with: names) }

        /// The variables it expands.
        package var references: Set<String> {
            var found: Set<String> = []
            for piece in value.split(separator: "$", omittingEmptySubsequences: false).dropFirst() {
                let inner = piece.hasPrefix("{") ? piece.dropFirst() : piece
                found.insert(String(inner.prefix(while: MakeConf.isNameCharacter)))
            }
            return found
        }
    }

    /// Something that Portage refuses, or that git-zentoo does not follow.
    package struct Problem: Equatable {
        /// Counted from 1.
        package let line: Int
        /// What is wrong.
        package let message: String
        /// What to write instead.
        package let hint: String
    }

    /// The assignments, in the order of the file. Behind a problem that ends
    /// Portage's reading there are none.
    package let assignments: [Assignment]
    /// What is wrong, in the order of the file.
    package let problems: [Problem]

    /// Reads a file of make.conf.
    package init(_ bytes: [UInt8]) {
        // As Portage does, where the last line has no end.
        var reader = MakeConfReader(String(decoding: bytes, as: UTF8.self) + "\n")
        reader.read()
        assignments = reader.assignments
        problems = reader.problems
    }

    static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
}

extension MakeConf {
    /// The problems, as mistakes of a branch.
    func mistakes(in file: String, of ref: String) -> [Mistake] {
        problems.map {
            Mistake(
                ref: ref, file: file, line: $0.line, message: $0.message, hint: $0.hint)
        }
    }
}
