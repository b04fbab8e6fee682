package import Git
package import Sites

extension Recorder {
    /// Checks that no other reference is in the way of those that the record of
    /// a build needs, before hours are spent: a tag `zentoo` keeps git from
    /// creating `zentoo/main/...`.
    ///
    /// - Throws: ``ZentooError``, `exists`; ``GitError``.
    package func checkRoom(for series: BuildSeries) throws {
        let needed =
            [
                try RefName("refs/tags/\(series.tagName(1))"),
                try RefName(Whence.referenceName), try RefName.notes(RecordNotes.name),
            ] + [try series.latest()].compactMap(\.self)
        for name in needed {
            let parts = "\(name)".split(separator: "/")
            // `refs/tags` cannot be a reference itself.
            for count in 3..<max(parts.count, 3) {
                let prefix = try RefName(parts.prefix(count).joined(separator: "/"))
                if try repository.resolve(prefix) != nil { throw obstacle(prefix, of: name) }
            }
        }
        for name in needed.dropFirst() {
            if let below = try repository.references(under: "\(name)/").first?.name {
                throw obstacle(below, of: name)
            }
        }
    }

    private func obstacle(_ reference: RefName, of name: RefName) -> ZentooError {
        ZentooError(
            .exists, "'\(reference)' is in the way of '\(name)', which a record needs",
            hints: ["git update-ref -d \(reference)"])
    }
}
