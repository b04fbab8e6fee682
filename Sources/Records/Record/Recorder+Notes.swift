internal import Git

extension Recorder {
    func writeNotes(_ build: FinishedBuild) throws {
        try writeNotes(build.result, packages: build.packages)
    }

    /// Writes all lines of a build in one commit; writing them again changes
    /// nothing.
    package func writeNotes(_ result: BuildResult, packages: [RecordedPackage]) throws {
        let packageLines = packages.map { $0.line(of: result.build) }
        var lines: [ObjectID: [RecordLine]] = [
            result.tree: packageLines + [result.line],
            result.commit: [result.summaryLine],
        ]
        // A root's commits are not composed, each is based on the previous one;
        // and a stage is not a result of its tuple.
        if result.series.root == nil, result.series.stage == nil {
            for parent in Set(try repository.commit(result.commit).parents)
            where try isNews(result, on: parent) {
                lines[parent, default: []].append(result.firstLine)
            }
        }
        try repository.appendNotes(
            try RefName.notes(RecordNotes.name),
            lines: lines.mapValues { $0.map(\.description) },
            author: result.tagger,
            message: "\(result.series): \(result.status)\n\nBuild: \(result.build)\n",
            durably: true)
    }

    /// Returns whether the newest result of the series on `commit` is another
    /// one, or there is none.
    private func isNews(_ result: BuildResult, on commit: ObjectID) throws -> Bool {
        let order = BuildOrder()
        let last = try RecordNotes(repository)
            .lines(on: commit, of: .first, naming: result.series.tuple)
            .filter { BuildSeries($0) == result.series }
            .max { order.isOlder($0.build, $1.build) }
        guard let last else { return true }
        return last[.status] != result.status.rawValue
            || last[.tree] != result.tree.description
    }
}
