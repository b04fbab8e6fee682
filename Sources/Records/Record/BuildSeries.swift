package import Git
package import Sites

/// A series that builds are counted in: a tuple of a site, a root's branch, or
/// a stage that is bootstrapped.
///
/// The builds of a root and the bootstraps of a stage have series of their own;
/// site and tuple tell what the root was created from or the stage built from.
package struct BuildSeries: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The site.
    package let site: ZentooName
    /// The tuple as written.
    package let tuple: String
    /// The root, if its branch is built.
    package let root: ZentooName?
    /// The stage, if one is bootstrapped.
    package let stage: ZentooName?

    /// Creates a series of builds.
    package init(site: ZentooName, tuple: Tuple, root: ZentooName? = nil) {
        self.site = site
        self.tuple = tuple.text
        self.root = root
        stage = nil
    }

    /// Creates a series of bootstraps.
    package init(site: ZentooName, tuple: Tuple, stage: ZentooName) {
        self.site = site
        self.tuple = tuple.text
        root = nil
        self.stage = stage
    }

    /// Creates a series from a record. Returns nil if `tuple` is not a valid
    /// tuple or if both a root and a stage are given.
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

    /// Orders by site, tuple, root and stage.
    package static func < (left: BuildSeries, right: BuildSeries) -> Bool {
        func key(_ series: BuildSeries) -> [String] {
            [series.site.text, series.tuple, series.root?.text ?? "", series.stage?.text ?? ""]
        }
        return key(left).lexicographicallyPrecedes(key(right))
    }
}

extension BuildSeries {
    /// The part of reference names that identifies the series and its kind:
    /// `/<site>/<tuple>`, `-root/<root>`, `-stage/<site>/<stage>`.
    private var place: String {
        root.map { "\(Self.kinds[1])/\($0)" }
            ?? stage.map { "\(Self.kinds[2])/\(site)/\($0)" } ?? "/\(site)/\(tuple)"
    }

    /// The prefix of the names of the series' tags, without `refs/tags/`.
    package var tagPrefix: String { "zentoo\(place)/" }

    /// Returns the name of the tag of the `number`-th success, without
    /// `refs/tags/`.
    package func tagName(_ number: Int) -> String { tagPrefix + String(number) }

    /// The prefix of the full names of the series' tags.
    var tagReferencePrefix: String { "refs/tags/" + tagPrefix }

    /// Returns the number of one of the series' tags; nil for any other
    /// reference.
    package func number(of tag: RefName) -> Int? { Self.number(of: tag, after: tagReferencePrefix) }

    /// Returns the same for many tags of one series, whose prefix is given.
    static func number(of tag: RefName, after prefix: String) -> Int? {
        guard let digits = tag.suffix(after: prefix), let number = Int(digits),
            number > 0, String(number) == digits
        else { return nil }
        return number
    }

    /// Returns the reference to the newest tag; nil for a root and a stage,
    /// whose builds are selected by name.
    package func latest() throws -> RefName? {
        root == nil && stage == nil ? try RefName("\(Self.latestPrefix)\(site)/\(tuple)") : nil
    }

    /// Returns the reference that holds the commit of one build from its start
    /// to its tag: nothing else protects that commit from `git gc`, and it
    /// identifies the build that was running when the machine stopped.
    package func building(_ build: BuildID) throws -> RefName {
        try RefName("\(Self.building)\(place)/\(build)")
    }

    /// Returns the reference that keeps the commit of failed builds: packages
    /// from them may be in the pool and in later builds, and the question which
    /// tuple made a package must lead to the commit, not only to its id, in any
    /// clone. A repeated build of the same commit uses the same reference.
    package func failed(_ commit: ObjectID) throws -> RefName {
        try RefName("refs/zentoo/failed\(place)/\(commit)")
    }

    private static let kinds = ["", "-root", "-stage"]
    private static let building = "refs/zentoo/building"

    static let latestPrefix = "refs/zentoo/latest/"
    /// The prefixes of the names of ``building(_:)``, for all series.
    package static let buildingPrefixes = kinds.map { "\(building)\($0)/" }

    /// Returns the prefixes that a site's status shows: roots belong to no
    /// site.
    static func buildingPrefixes(of site: ZentooName) -> [String] {
        ["\(building)/\(site)/", "\(building)\(kinds[1])/", "\(building)\(kinds[2])/\(site)/"]
    }
}
