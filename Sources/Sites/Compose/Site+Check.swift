extension Site {
    /// Reads everything and returns all mistakes, each once.
    package func check() throws -> [Mistake] {
        var found = MistakeList()
        found.add(ownMistakes)
        for name in parts.cpus.sorted() { found.add(try cpu(name).mistakes) }
        for name in parts.portages.sorted() { found.add(try portage(name).mistakes) }
        for name in parts.buildhooks.sorted() { found.add(try buildhooks(name).mistakes) }
        for tuple in declaredTuples { found.add(try TupleInputs(tuple, of: self).mistakes) }
        return found.mistakes
    }

    /// Returns all mistakes that prevent these tuples from being built, each
    /// once.
    package func check(_ tuples: [Tuple]) throws -> [Mistake] {
        var found = MistakeList()
        for tuple in tuples { found.add(try TupleInputs(tuple, of: self).mistakes) }
        return found.mistakes
    }

    /// Returns the mistakes in the site's own files and in the tuples that use
    /// one of these branches; if the site's own branch is among them, in all
    /// tuples, cpus and pins.
    package func mistakes(touching branches: Set<String>) throws -> [Mistake] {
        var found = MistakeList()
        found.add(ownMistakes)
        var tuples = declaredTuples
        if branches.contains(name.text) {
            for name in parts.cpus.sorted() { found.add(try cpu(name).mistakes) }
        } else {
            tuples = tuples.filter {
                branches.contains(BranchKind.portage.branch($0.portage))
                    || branches.contains(BranchKind.buildhooks.branch($0.buildhooks))
            }
        }
        for tuple in tuples { found.add(try TupleInputs(tuple, of: self).mistakes) }
        if branches.contains(name.text) { found.add(pinMistakes) }
        return found.mistakes
    }

    /// The mistakes in the files of the site's own branch, without those of
    /// tuples, parts and other branches.
    package var ownMistakes: [Mistake] { fileMistakes + declarationMistakes() }

    /// The mistakes for stages and ebuild repositories that have a name but are
    /// not pinned yet.
    private var pinMistakes: [Mistake] {
        stages.filter { lock.stages[$0.name] == nil }.map { unpinned(stage: $0.name) }
            + repositories.filter { lock.repositories[$0.name] == nil }
            .map { unpinned(repository: $0.name) }
    }

    func unpinned(stage name: ZentooName) -> Mistake {
        Mistake(
            ref: shownRef, file: SiteLock.path, message: "stage '\(name)' has never been added",
            hint: "add it with 'git zentoo stage add \(name)'")
    }

    func unpinned(repository name: ZentooName) -> Mistake {
        Mistake(
            ref: shownRef, file: SiteLock.path,
            message: "repository '\(name)' has no revision yet",
            hint: "pin it with 'git zentoo sync \(name)'")
    }

    /// Returns the mistakes in the lines of `config/tuples` themselves.
    private func declarationMistakes() -> [Mistake] {
        var mistakes: [Mistake] = []
        func mistake(_ line: TuplesFile.Line, _ message: String, _ hint: String?) {
            mistakes.append(
                Mistake(
                    ref: shownRef, file: TuplesFile.path, line: line.number, message: message,
                    hint: hint))
        }
        var declared: [String: Int] = [:]
        for line in tuplesFile.declarations {
            let readings = readings(of: line.subject)
            if readings.isEmpty {
                let missing = parts.missingPart(of: line.subject)
                mistake(
                    line, "'\(line.subject)' names no \(missing.part) ('\(missing.rest)')",
                    Self.known(missing.part, missing.known))
            } else if readings.count > 1 {
                mistake(
                    line, "'\(line.subject)' can be read in \(readings.count) ways",
                    "rename a part; it is " + readings.map(Self.describe).joined(separator: ", or ")
                )
            }
            if let first = declared[line.subject] {
                mistake(
                    line, "'\(line.subject)' is declared twice",
                    "the first declaration is on line \(first); remove one")
            } else {
                declared[line.subject] = line.number
            }
        }
        let tuples = declaredTuples
        for line in tuplesFile.lines where TuplePattern.isPattern(line.subject) {
            if let pattern = TuplePattern(line.subject) {
                if !tuples.contains(where: pattern.matches) {
                    mistake(
                        line, "'\(line.subject)' matches no tuple",
                        "a pattern is matched part by part against the tuples declared here")
                }
            } else {
                mistake(
                    line, "'\(line.subject)' is not a pattern",
                    "write four parts, for example *-base-*-*")
            }
        }
        return mistakes
    }
}
