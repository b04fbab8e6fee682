internal import Git
internal import Records
internal import Sites

/// The builds that made the requested packages.
struct WhenceSummary: Report {
    let question: String
    let origins: [Origin]

    /// A package and the build that made it.
    struct Origin: Encodable {
        let package: PackageOrigin
        let tag: String?
    }

    init(_ answer: WhenceAnswer, tags: [BuildID: String]) {
        question = answer.question
        origins = answer.origins.map { Origin(package: $0, tag: tags[$0.build]) }
    }

    /// Creates the answer for a package that no record knows.
    init(unknown question: String) {
        self.question = question
        origins = []
    }

    /// Returns a note if the build did not make the package but found it, with
    /// the time and revisions that the package names itself.
    private static func remark(on package: PackageOrigin) -> String {
        guard package.disposition == .found else { return "" }
        let built = package.witness?.built.map { ", built \(Timestamp(seconds: $0))" } ?? ""
        let revisions = (package.witness?.revisions ?? [:]).sorted { $0.key < $1.key }
            .map { " of \($0.key) \($0.value.prefix(12))" }.joined(separator: ",")
        return " (found\(built)\(revisions))"
    }

    var page: Page {
        var table = Table(
            .left("package"), .left("sha256"), .left("made by"), .left("commit"))
        // Only builds without a tag are shown by their ids.
        let names = BuildNames(origins.filter { $0.tag == nil }.map(\.package.build))
        for origin in origins {
            let package = origin.package
            table.row(
                "\(package.cpv)-\(package.buildNumber)",
                "\(package.sha256.description.prefix(12))",
                """
                \(origin.tag ?? "\(package.series) \(names.short(package.build))", .name)\
                \(Self.remark(on: package))
                """,
                "\(package.commit.description.prefix(12), .name)")
        }
        var page = Page()
        page.table(table)
        return page
    }
}
