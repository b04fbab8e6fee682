internal import ArgumentParser
internal import Git
internal import Zentoo

extension CompletionKind {
    /// The tuples that were built.
    static let recordedTuples = CompletionKind.custom { _, _, prefix in
        names(beginningWith: prefix) { try $0.whence.series().map(\.tuple) }
    }

    /// What builds are named by: tuples, and tuples with a number.
    static let builds = CompletionKind.custom { _, _, prefix in
        names(beginningWith: prefix) { records in
            try records.whence.series().flatMap { series in
                [series.tuple]
                    + (try records.log(site: series.site, tuple: series.tuple).map(\.shownName))
            }
        }
    }

    /// A shell that completes wants names or nothing: no error is told.
    private static func names(
        beginningWith prefix: String, _ all: (ResultReader) throws -> [String]
    ) -> [String] {
        guard let repository = try? Repository.discover(from: Platform.workingDirectory()),
            let records = try? ResultReader(repository), let names = try? all(records)
        else { return [] }
        return Set(names).filter { $0.hasPrefix(prefix) }.sorted()
    }
}
