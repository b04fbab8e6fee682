internal import Git

/// `config/cpu/<name>`: the make.conf fragment of one kind of processor.
package struct CPUFragment {
    /// The directory of the fragments on a site's branch.
    package static let folder = "config/cpu"
    /// The directory of the sets that all portage branches share.
    package static let siteSets = "config/portage/sets"

    /// The name of the cpu.
    package let name: ZentooName
    /// The content of the fragment.
    package let bytes: [UInt8]

    let blob: ObjectID
    /// The variables that belong to the cpu: a portage branch may extend but
    /// not replace them.
    let variables: Set<String>
    /// The mistakes in the fragment.
    package let mistakes: [Mistake]

    init(name: ZentooName, blob: ObjectID, bytes: [UInt8], ref: String) {
        self.name = name
        self.blob = blob
        self.bytes = bytes
        let makeConf = MakeConf(bytes)
        let assignments = makeConf.assignments
        variables = Set(assignments.map(\.name))
        let file = "\(Self.folder)/\(name)"
        var mistakes = makeConf.mistakes(in: file, of: ref)
        mistakes += assignments.compactMap { assignment in
            BuilderDependence.mistake(in: assignment.value).map {
                Mistake(
                    ref: ref, file: file, line: assignment.line, message: $0,
                    hint: BuilderDependence.hint)
            }
        }
        for assignment in assignments where assignment.name == "MAKEOPTS" {
            mistakes.append(
                Mistake(
                    ref: ref, file: file, line: assignment.line,
                    message: "MAKEOPTS is the builder's business",
                    hint: "remove the line; on the builder: git config zentoo.jobs N"))
        }
        mistakes += Self.emptyReferences(in: assignments).map { assignment, variable, line in
            Mistake(
                ref: ref, file: file, line: assignment.line,
                message: "\(assignment.name) expands ${\(variable)}, which is assigned only later",
                hint: "move line \(line) before it; here it stands for nothing")
        }
        self.mistakes = mistakes
    }

    /// Returns the values that expand a variable of this file before its first
    /// assignment.
    private static func emptyReferences(
        in assignments: [MakeConf.Assignment]
    ) -> [(MakeConf.Assignment, variable: String, line: Int)] {
        var first: [String: Int] = [:]
        for (index, assignment) in assignments.enumerated()
        where first[assignment.name] == nil { first[assignment.name] = index }
        return assignments.enumerated().flatMap { index, assignment in
            assignment.references.sorted().compactMap { variable in
                guard variable != assignment.name, let place = first[variable], place > index
                else { return nil }
                return (assignment, variable, assignments[place].line)
            }
        }
    }
}

/// Flags whose meaning depends on the building machine.
enum BuilderDependence {
    static let hint =
        "write what it stands for on the machine you mean: 'git zentoo cpu detect' prints it"

    private static let flags = [
        "-march=native", "-mtune=native", "-mcpu=native", "target-cpu=native",
    ]

    static func mistake(in text: String) -> String? {
        flags.first { text.contains($0) }
            .map { "'\($0)' means another thing on every builder" }
    }
}
