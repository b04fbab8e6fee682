internal import Sites

/// Moves the settings of a cpu out of an `/etc/portage`: compiler flags from
/// make.conf, and `CPU_FLAGS_*` from make.conf and package.use.
///
/// Lines of make.conf are moved unchanged, flags of package.use become
/// assignments. Comments stay in place, and all other lines stay byte for byte
/// the same.
struct CPUMove {
    /// An assignment that is neither moved nor kept.
    struct Dropped: Sendable, Hashable, Codable {
        let file: String
        let line: Int
        let name: String
    }

    /// The files of make.conf, a single one or those of a directory, without
    /// the moved lines.
    private(set) var makeConf: [ConfigurationFile]
    /// The files of package.use, likewise.
    private(set) var packageUse: [ConfigurationFile]
    /// The moved lines, in the order in which Portage reads them.
    private(set) var moved: [UInt8] = []
    /// The assignments that belong to the building machine and are left out.
    private(set) var dropped: [Dropped] = []

    /// The variables for one kind of processor (make.conf(5)).
    private static let variables: Set<String> = [
        "CBUILD", "CFLAGS", "CHOST", "COMMON_FLAGS", "CXXFLAGS", "F77FLAGS", "FCFLAGS", "FFLAGS",
        "GOAMD64", "GOARM", "OBJCFLAGS", "OBJCXXFLAGS",
    ]
    private static let flagsPrefix = "CPU_FLAGS_"
    private static let buildersOwn = "MAKEOPTS"

    init(makeConf: [ConfigurationFile], packageUse: [ConfigurationFile]) {
        self.makeConf = makeConf
        self.packageUse = packageUse
        moveAssignments()
        moveUseFlags()
    }

    // MARK: make.conf

    private mutating func moveAssignments() {
        let assignments = makeConf.map { MakeConf($0.bytes).assignments }
        let names = Self.namesToMove(of: assignments.flatMap { $0 })
        for index in makeConf.indices {
            let staying = assignments[index].filter { !names.contains($0.name) }
            for assignment in assignments[index] where names.contains(assignment.name) {
                let range = assignment.line...assignment.lastLine
                // A line is not moved if part of it has to stay; it is reported
                // as a mistake of the branch.
                if staying.contains(where: { range.overlaps($0.line...$0.lastLine) }) { continue }
                // The second of two assignments on one line is moved with the
                // first.
                let lines = makeConf[index].take(range)
                guard lines != [UInt8(ascii: "\n")] else { continue }
                if assignment.name == Self.buildersOwn {
                    dropped.append(
                        Dropped(
                            file: makeConf[index].path, line: assignment.line,
                            name: assignment.name))
                } else {
                    moved += lines
                }
            }
        }
    }

    /// Returns the names of the cpu's variables and of those that they expand,
    /// since the fragment is read before the branch's make.conf, and of the
    /// building machine's own.
    private static func namesToMove(of assignments: [MakeConf.Assignment]) -> Set<String> {
        var names: Set<String> = []
        for assignment in assignments {
            let belongs =
                variables.contains(assignment.name) || assignment.name.hasPrefix(flagsPrefix)
                || assignment.name == "RUSTFLAGS" && assignment.value.contains("target-cpu")
            if belongs { names.insert(assignment.name) }
        }
        let assigned = Set(assignments.map(\.name))
        while true {
            let needed = assignments.filter { names.contains($0.name) }
                .reduce(into: Set<String>()) { $0.formUnion($1.references) }
                .intersection(assigned)
            if needed.isSubset(of: names) { break }
            names.formUnion(needed)
        }
        return names.union([buildersOwn])
    }

    // MARK: package.use

    private mutating func moveUseFlags() {
        var found: [(variable: String, flags: [String])] = []
        for index in packageUse.indices {
            for line in LineFile(packageUse[index].bytes) where line.words[0] == "*/*" {
                guard let split = UseFlagSplit(Array(line.words.dropFirst())) else { continue }
                for (variable, flags) in split.cpuFlags {
                    if let known = found.firstIndex(where: { $0.variable == variable }) {
                        found[known].flags += flags.filter { !found[known].flags.contains($0) }
                    } else {
                        found.append((variable, flags))
                    }
                }
                let text = packageUse[index].lines[line.number - 1]
                let comment = String(decoding: text.drop { $0 != UInt8(ascii: "#") }, as: UTF8.self)
                let rest = split.rest.isEmpty ? [] : ["*/*"] + split.rest
                let kept = rest.joined(separator: " ")
                packageUse[index].replace(
                    line.number,
                    by: comment.isEmpty
                        ? (kept.isEmpty ? "" : kept + "\n")
                        : (kept.isEmpty ? "" : kept + "  ") + comment)
            }
        }
        let assigned = Set(MakeConf(moved).assignments.map(\.name))
        for (variable, flags) in found {
            // Portage adds the flags of package.use to those of make.conf.
            let before = assigned.contains(variable) ? "${\(variable)} " : ""
            moved += Array("\(variable)=\"\(before)\(flags.joined(separator: " "))\"\n".utf8)
        }
    }
}

/// The words after an atom of package.use, with the flags of a cpu separated
/// (portage(5)).
private struct UseFlagSplit {
    var cpuFlags: [(variable: String, flags: [String])] = []
    var rest: [String] = []

    /// Returns nil if nothing can be moved: there is no flag of a cpu, or one
    /// is disabled, which a cpu's list cannot express.
    init?(_ words: [String]) {
        var group: String?
        for word in words {
            if word.hasSuffix(":") {
                group = word.hasPrefix("CPU_FLAGS_") ? String(word.dropLast()) : nil
                if group == nil { rest.append(word) }
                continue
            }
            guard let group else {
                if word.hasPrefix("cpu_flags_") || word.hasPrefix("-cpu_flags_") { return nil }
                rest.append(word)
                continue
            }
            if word == "-*" { continue }
            if word.hasPrefix("-") { return nil }
            if let known = cpuFlags.firstIndex(where: { $0.variable == group }) {
                cpuFlags[known].flags.append(word)
            } else {
                cpuFlags.append((group, [word]))
            }
        }
        if cpuFlags.isEmpty { return nil }
    }
}
