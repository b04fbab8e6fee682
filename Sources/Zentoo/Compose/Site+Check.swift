extension Site {
    /// Reads everything and tells every mistake at once.
    public func check() throws -> [Mistake] {
        var found: [Mistake] = []
        // A branch's mistake shows in each of its tuples; it is told once.
        func add(_ mistakes: [Mistake]) {
            for mistake in mistakes where !found.contains(mistake) { found.append(mistake) }
        }
        add(fileMistakes)
        add(declarationMistakes())
        for name in parts.cpus.sorted() { add(try cpu(name).mistakes) }
        for name in parts.portages.sorted() { add(try portage(name).mistakes) }
        for name in parts.buildhooks.sorted() { add(try buildhooks(name).mistakes) }
        for tuple in declaredTuples { add(try TupleInputs(tuple, of: self).mistakes) }
        return found
    }

    /// Tells every mistake that keeps these tuples from being built, each
    /// once.
    public func check(_ tuples: [Tuple]) throws -> [Mistake] {
        var found: [Mistake] = []
        for tuple in tuples {
            for mistake in try TupleInputs(tuple, of: self).mistakes
            where !found.contains(mistake) {
                found.append(mistake)
            }
        }
        return found
    }

    /// What is wrong with the files of the site's own branch, tuples, parts and
    /// other branches apart.
    var ownMistakes: [Mistake] { fileMistakes + declarationMistakes() }

    /// What is wrong with the lines of `config/tuples` themselves.
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
        for line in tuplesFile.lines where TuplePattern.isPattern(line.subject) {
            if let pattern = TuplePattern(line.subject) {
                if !declaredTuples.contains(where: pattern.matches) {
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
