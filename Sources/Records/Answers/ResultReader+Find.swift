internal import Git
package import Sites

extension ResultReader {
    /// Returns the build that a user names: a build id or a unique prefix of
    /// one, a tag (`zentoo/<site>/<tuple>/<n>`, `zentoo-root/<root>/<n>`,
    /// `zentoo-stage/<site>/<stage>/<n>`), `<tuple>` or `<stage>` for its
    /// newest success, `<tuple>@<n>`, `<root>@<n>`, or `<stage>@<n>`.
    ///
    /// - Parameter site: the site that tuples and stages belong to.
    /// - Throws: ``ZentooError``: `notFound`, or `ambiguous` with the
    ///   candidates; ``GitError``.
    package func build(_ text: String, site: ZentooName) throws -> BuildEntry {
        if let entry = try build(tag: text) { return entry }
        let halves = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        if halves.count == 2, let number = Int(halves[1]) {
            for prefix in [
                "zentoo/\(site)/\(halves[0])/", "zentoo-root/\(halves[0])/",
                "zentoo-stage/\(site)/\(halves[0])/",
            ] {
                if let entry = try build(tag: "\(prefix)\(number)") { return entry }
            }
        }
        if let series = BuildSeries(site: site, tuple: text), let entry = try latest(of: series) {
            return entry
        }
        if let stage = try whence.stages(of: site).first(where: { $0.stage?.text == text }),
            let entry = try latest(of: stage)
        {
            return entry
        }
        if let first = text.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
            let results = try whence.results(beginningWith: text)
            guard results.count < 2 else {
                throw ZentooError(
                    .ambiguous, "build '\(text)' is ambiguous",
                    hints: results.prefix(10).map { "\($0.build) \($0.series)" })
            }
            if let entry = try tagged(results).first { return entry }
        }
        throw ZentooError(
            .notFound, "build '\(text)' not found",
            hints: ["git zentoo log", "a build is named by its id, a tuple, tuple@number or a tag"])
    }

    /// Returns the build of a tag, given with or without `refs/tags/`; nil when
    /// it is not a tag of git-zentoo.
    private func build(tag text: String) throws -> BuildEntry? {
        let name = text.hasPrefix("refs/") ? try? RefName(text) : try? RefName.tag(text)
        guard let name, let short = name.tagName, let id = try repository.resolve(name),
            let tag = try repository.tag(id), let build = BuildTag.build(of: tag)
        else { return nil }
        let parts = short.split(separator: "/").map(String.init)
        if parts.count == 4, parts[0] == "zentoo", let site = try? ZentooName(parts[1]),
            let series = BuildSeries(site: site, tuple: parts[2])
        {
            return try whence.result(of: build, in: series)
                .map { BuildEntry(result: $0, tag: short) }
        }
        if parts.count == 4, parts[0] == "zentoo-stage", let site = try? ZentooName(parts[1]),
            let stage = try whence.stages(of: site).first(where: { $0.stage?.text == parts[2] })
        {
            return try whence.result(of: build, in: stage).map {
                BuildEntry(result: $0, tag: short)
            }
        }
        if parts.count == 3, parts[0] == "zentoo-root", let root = try? ZentooName(parts[1]) {
            return try whence.result(of: build, inRoot: root)
                .map { BuildEntry(result: $0, tag: short) }
        }
        return nil
    }
}
