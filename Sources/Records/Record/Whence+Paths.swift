internal import Git
internal import Sites

extension Whence {
    /// Where the result of a build is.
    static func path(of result: BuildResult) -> TreePath {
        directory(of: result.series).appending(result.build.description)
    }

    /// Where the results of a series are.
    static func directory(of series: BuildSeries) -> TreePath {
        series.root.map { path(rootDirectory, $0.text) }
            ?? series.stage.map { path(stageDirectory, series.site.text, $0.text) }
            ?? path(buildDirectory, series.site.text, series.tuple)
    }

    /// Where a package is, by content and by name.
    static func paths(of cpv: CPV, _ number: Int, _ sha256: SHA256Digest) -> [TreePath] {
        let digest = sha256.description
        return [
            path(of: sha256),
            directory(of: cpv).appending("\(number)-\(digest.prefix(12))"),
        ]
    }

    /// Where a package is by its content.
    static func path(of sha256: SHA256Digest) -> TreePath {
        let digest = sha256.description
        return path(
            digestDirectory, String(digest.prefix(2)), String(digest.dropFirst(2).prefix(2)), digest
        )
    }

    /// Where the packages of a version are. A directory for each name: one with
    /// all versions of a category's packages would be written anew, and be the
    /// larger the more was ever built, for each package of it.
    static func directory(of cpv: CPV) -> TreePath {
        path(packageDirectory, cpv.category, cpv.name, cpv.version.description)
    }

    static let buildDirectory = "build"
    static let rootDirectory = "root"
    static let stageDirectory = "stage"
    static let digestDirectory = "sha256"
    static let packageDirectory = "cpv"
}
