internal import Records
internal import Sites

/// The plan of a merge, from Portage's own `--pretend`.
package struct MergePlan: Sendable, Hashable, Codable {
    /// One package of the plan.
    package struct Entry: Sendable, Hashable, Codable {
        /// Whether it is compiled or taken from the pool.
        package enum Source: String, Sendable, Hashable, Codable {
            /// Built from its ebuild.
            case build
            /// Taken as a binary package.
            case reuse
        }

        /// Whether it is compiled or reused.
        package var source: Source
        /// `category/package-version`.
        package var cpv: String
        /// The slot, with the sub-slot if it differs.
        package var slot: String
        /// The binary package's build number, if one is reused.
        package var buildNumber: Int?
        /// The repository of its ebuild.
        package var repository: String
        /// The flags as emerge shows them: `USE="nls -static"` and other
        /// expanded variables.
        package var flags: String
        /// emerge's letters: `N` new, `U` update, `R` again, `S` slot.
        package var letters: String
    }

    /// The packages, in merge order.
    package var entries: [Entry] = []
    /// Other messages of emerge, including blockers and masks.
    package var remarks: [String] = []
    /// Whether sources have to be fetched first: true unless all sources of the
    /// packages to compile are known to be present.
    package var fetches = false

    /// Reads the output of ``Emerge/pretend(_:)`` and the lines that `plan.py`
    /// adds.
    ///
    /// - Parameter emulator: the emulator of the stage's processor, which is
    ///   also used when packages are compiled.
    init(_ lines: [String], emulator: String? = nil) {
        var hasSources = false
        for line in lines {
            if let entry = Self.entry(line) {
                entries.append(entry)
            } else if line == "[sources complete]" {
                hasSources = true
            } else if line.hasPrefix("!!!") || line.hasPrefix("[blocks") {
                remarks.append(line)
            }
        }
        if let emulator {
            remarks.append("emulated by \(emulator): what is compiled takes many times as long")
        }
        fetches = built > 0 && !hasSources
    }

    /// The packages to compile, as a goal of their own.
    var compiling: MergeGoal {
        .versions(
            entries.filter { $0.source == .build }.map {
                $0.repository.isEmpty ? $0.cpv : "\($0.cpv)::\($0.repository)"
            })
    }

    /// The versions that are compiled.
    var compiled: Set<CPV> {
        Set(entries.filter { $0.source == .build }.compactMap { CPV($0.cpv) })
    }

    /// The packages that are reused, as paths below the flavour's PKGDIR.
    func reused(of flavour: Flavour) -> [PoolPath] {
        entries.compactMap { entry in
            guard entry.source == .reuse, let cpv = CPV(entry.cpv), let number = entry.buildNumber
            else { return nil }
            return PoolPath(chost: flavour.chost, flavour: flavour.id, cpv: cpv, number: number)
        }
    }

    /// The number of packages that are compiled.
    package var built: Int { entries.count { $0.source == .build } }
    /// The number of packages that are reused from the pool.
    package var reused: Int { entries.count - built }

    /// Parses `[binary  N     ] app-misc/a-1-2:0/1::demo  USE="nls" 12 KiB`,
    /// where the number after the version is the build number.
    private static func entry(_ line: String) -> Entry? {
        guard line.hasPrefix("[ebuild") || line.hasPrefix("[binary"),
            let bracket = line.firstIndex(of: "]")
        else { return nil }
        let head = line[line.index(after: line.startIndex)..<bracket]
        let isBinary = head.hasPrefix("binary")
        var rest = line[line.index(after: bracket)...].drop { $0 == " " }
        let name = rest.prefix { $0 != " " }
        rest = rest.dropFirst(name.count).drop { $0 == " " }
        let halves = String(name).split(separator: "::", maxSplits: 1)
        guard let first = halves.first else { return nil }
        let parts = first.split(separator: ":", maxSplits: 1)
        var cpv = String(parts[0])
        var number: Int?
        if isBinary, let dash = cpv.lastIndex(of: "-"),
            let parsed = Int(cpv[cpv.index(after: dash)...])
        {
            number = parsed
            cpv = String(cpv[..<dash])
        }
        let flags = rest.split(separator: "\"", omittingEmptySubsequences: false)
        return Entry(
            source: isBinary ? .reuse : .build, cpv: cpv,
            slot: parts.count > 1 ? String(parts[1]) : "0", buildNumber: number,
            repository: halves.count > 1 ? String(halves[1]) : "",
            flags: flags.count > 1
                ? flags.dropLast().joined(separator: "\"") + "\"" : "",
            letters: head.dropFirst("ebuild".count).filter { $0 != " " })
    }
}
