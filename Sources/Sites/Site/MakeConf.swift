/// The assignments of a make.conf(5) file.
///
/// The grammar is the one that Portage reads (`getconfig` in
/// portage/util/__init__.py, by Python's shlex): `VAR="value"`, optionally
/// after `export`, with blanks around the equals sign, both kinds of quotes,
/// backslashes and values over several lines. Nothing is expanded: only the
/// assigned variables matter here, and whether an assignment keeps the earlier
/// value.
package struct MakeConf {
    /// One assignment, such as `CFLAGS="-O2"` (make.conf(5)).
    package struct Assignment: Equatable {
        /// The line of the assignment's first character, counted from 1.
        package let line: Int
        /// The line of its last character: a value may have several lines.
        package let lastLine: Int
        /// The name of the variable.
        package let name: String
        /// The value without quotes, with `${VAR}` as written.
        package let value: String

        /// Returns whether the value expands one of `names`.
        func refers(to names: Set<String>) -> Bool { !references.isDisjoint(with: names) }

        /// The variables that the value expands.
        package var references: Set<String> {
            var found: Set<String> = []
            for piece in value.split(separator: "$", omittingEmptySubsequences: false).dropFirst() {
                let inner = piece.hasPrefix("{") ? piece.dropFirst() : piece
                found.insert(String(inner.prefix(while: MakeConf.isNameCharacter)))
            }
            return found
        }
    }

    /// Something that Portage refuses, or that git-zentoo does not support.
    package struct Problem: Equatable {
        /// The line number, counted from 1.
        package let line: Int
        /// A description of the problem.
        package let message: String
        /// A hint for fixing it.
        package let hint: String
    }

    /// The assignments, in the order of the file. There are none after a
    /// problem at which Portage stops reading.
    package let assignments: [Assignment]
    /// The problems, in the order of the file.
    package let problems: [Problem]

    /// Reads a file of make.conf.
    package init(_ bytes: [UInt8]) {
        // Portage adds a newline if the last line has none.
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
    /// Returns the problems as mistakes of a branch.
    func mistakes(in file: String, of ref: String) -> [Mistake] {
        problems.map {
            Mistake(
                ref: ref, file: file, line: $0.line, message: $0.message, hint: $0.hint)
        }
    }
}
