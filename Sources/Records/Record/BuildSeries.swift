package import Git
package import Sites

/// What builds are counted in: a tuple of a site, a root's branch, or a stage
/// that is bootstrapped.
///
/// A root's builds and a stage's bootstraps are series of their own; site and
/// tuple say where the root was taken from, or what the stage was made of.
package struct BuildSeries: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The site.
    package let site: ZentooName
    /// The tuple as written.
    package let tuple: String
    /// The root, when its branch is built.
    package let root: ZentooName?
    /// The stage, when one is bootstrapped.
    package let stage: ZentooName?

    /// A series of builds.
    package init(site: ZentooName, tuple: Tuple, root: ZentooName? = nil) {
        self.site = site
        self.tuple = tuple.text
        self.root = root
        stage = nil
    }

    /// A series of bootstraps.
    package init(site: ZentooName, tuple: Tuple, stage: ZentooName) {
        self.site = site
        self.tuple = tuple.text
        root = nil
        self.stage = stage
    }

    /// A series as a record has it; nil when `tuple` could not be a tuple, or
    /// it is said to be of a root and of a stage.
    package init?(
        site: ZentooName, tuple: String, root: ZentooName? = nil, stage: ZentooName? = nil
    ) {
        guard Tuple.hasForm(tuple), root == nil || stage == nil else { return nil }
        self.site = site
        self.tuple = tuple
        self.root = root
        self.stage = stage
    }

    /// `<site>/<tuple>`, or the root's or stage's name.
    package var description: String {
        root.map { "root \($0)" } ?? stage.map { "stage \($0)" } ?? "\(site)/\(tuple)"
    }

    /// In the order of site, tuple, root and stage.
    package static func < (left: BuildSeries, right: BuildSeries) -> Bool {
        func key(_ series: BuildSeries) -> [String] {
            [series.site.text, series.tuple, series.root?.text ?? "", series.stage?.text ?? ""]
        }
        return key(left).lexicographicallyPrecedes(key(right))
    }
}

extension BuildSeries {
    /// What tells the series apart in the names of references, with what kind
    /// of series it is: `/<site>/<tuple>`, `-root/<root>`, `-stage/<site>/<stage>`.
    private var place: String {
        root.map { "\(Self.kinds[1])/\($0)" }
            ?? stage.map { "\(Self.kinds[2])/\(site)/\($0)" } ?? "/\(site)/\(tuple)"
    }

    /// What the names of all tags of the series begin with, without
    /// `refs/tags/`.
    package var tagPrefix: String { "zentoo\(place)/" }

    /// The tag of the `number`-th success, without `refs/tags/`.
    package func tagName(_ number: Int) -> String { tagPrefix + String(number) }

    /// The number of one of the series' tags; nil for any other reference.
    package func number(of tag: RefName) -> Int? {
        guard let digits = tag.suffix(after: "refs/tags/" + tagPrefix), let number = Int(digits),
            number > 0, String(number) == digits
        else { return nil }
        return number
    }

    /// Points to the newest tag; a root and a stage have none, their builds are
    /// taken by name.
    package func latest() throws -> RefName? {
        root == nil && stage == nil ? try RefName("\(Self.latestPrefix)\(site)/\(tuple)") : nil
    }

    /// Holds the commit of one build from its start to its tag: nothing else
    /// keeps that commit from `git gc`, and it tells which build was under way
    /// when the machine stopped.
    package func building(_ build: BuildID) throws -> RefName {
        try RefName("\(Self.building)\(place)/\(build)")
    }

    /// Keeps the commit of builds that failed: what they made may be in the
    /// pool and in later builds, and whoever asks which tuple made it, in any
    /// clone, is to find the commit and not only its name. A build tried again
    /// as it was adds nothing.
    package func failed(_ commit: ObjectID) throws -> RefName {
        try RefName("refs/zentoo/failed\(place)/\(commit)")
    }

    private static let kinds = ["", "-root", "-stage"]
    private static let building = "refs/zentoo/building"

    static let latestPrefix = "refs/zentoo/latest/"
    /// What the names of ``building(_:)`` begin with, of all series.
    package static let buildingPrefixes = kinds.map { "\(building)\($0)/" }

    /// The same, as far as a site's status shows them: roots are of no site.
    static func buildingPrefixes(of site: ZentooName) -> [String] {
        ["\(building)/\(site)/", "\(building)\(kinds[1])/", "\(building)\(kinds[2])/\(site)/"]
    }
}
