internal import Git
internal import Sites

extension Whence {
    /// Returns the path of a build's result.
    static func path(of result: BuildResult) -> TreePath {
        directory(of: result.series).appending(result.build.description)
    }

    /// Returns the directory of a series' results.
    static func directory(of series: BuildSeries) -> TreePath {
        series.root.map { path(rootDirectory, $0.text) }
            ?? series.stage.map { path(stageDirectory, series.site.text, $0.text) }
            ?? path(buildDirectory, series.site.text, series.tuple)
    }

    /// Returns the paths of a package, by content and by name.
    static func paths(of cpv: CPV, _ number: Int, _ sha256: SHA256Digest) -> [TreePath] {
        let digest = sha256.description
        return [
            path(of: sha256),
            directory(of: cpv).appending("\(number)-\(digest.prefix(12))"),
        ]
    }

    /// Returns the path of a package by its content.
    static func path(of sha256: SHA256Digest) -> TreePath {
        let digest = sha256.description
        return path(
            digestDirectory, String(digest.prefix(2)), String(digest.dropFirst(2).prefix(2)), digest
        )
    }

    /// Returns the directory of a version's packages. Each package name has its
    /// own directory: a common directory for all versions in a category would
    /// be rewritten for each package, and grow with every build.
    static func directory(of cpv: CPV) -> TreePath {
        path(packageDirectory, cpv.category, cpv.name, cpv.version.description)
    }

    static let buildDirectory = "build"
    static let rootDirectory = "root"
    static let stageDirectory = "stage"
    static let digestDirectory = "sha256"
    static let packageDirectory = "cpv"
}
