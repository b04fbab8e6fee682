public import Git

/// What builds are counted in: a tuple of a site, or a root's branch.
///
/// A root's builds are a series of their own; site and tuple say where the
/// root was taken from.
public struct BuildSeries: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The site.
    public let site: ZentooName
    /// The tuple as written.
    public let tuple: String
    /// The root, when its branch is built.
    public let root: ZentooName?

    /// A series of builds.
    public init(site: ZentooName, tuple: Tuple, root: ZentooName? = nil) {
        self.site = site
        self.tuple = tuple.text
        self.root = root
    }

    /// A series as a record has it; nil when `tuple` could not be a tuple.
    ///
    /// A record's tuple need not be one of today's names, so it is only held to
    /// what all names have in common.
    public init?(site: ZentooName, tuple: String, root: ZentooName? = nil) {
        let parts = tuple.split(separator: "-", omittingEmptySubsequences: false)
        // Not a name's length: four of them make a tuple.
        guard parts.count >= 4, ZentooName.hasForm(tuple) else { return nil }
        self.site = site
        self.tuple = tuple
        self.root = root
    }

    /// `<site>/<tuple>`, or the root's name.
    public var description: String { root.map { "root \($0)" } ?? "\(site)/\(tuple)" }

    /// In the order of site, tuple and root.
    public static func < (left: BuildSeries, right: BuildSeries) -> Bool {
        func key(_ series: BuildSeries) -> [String] {
            [series.site.text, series.tuple, series.root?.text ?? ""]
        }
        return key(left).lexicographicallyPrecedes(key(right))
    }
}

extension BuildSeries {
    /// What the names of all tags of the series begin with, without
    /// `refs/tags/`.
    public var tagPrefix: String { root.map { "zentoo-root/\($0)/" } ?? "zentoo/\(site)/\(tuple)/" }

    /// The tag of the `number`-th success, without `refs/tags/`.
    public func tagName(_ number: Int) -> String { tagPrefix + String(number) }

    /// The number of one of the series' tags; nil for any other reference.
    public func number(of tag: RefName) -> Int? {
        guard let digits = tag.suffix(after: "refs/tags/" + tagPrefix), let number = Int(digits),
            number > 0, String(number) == digits
        else { return nil }
        return number
    }

    /// Points to the newest tag; a root has none, its builds are taken by name.
    public func latest() throws -> RefName? {
        root == nil ? try RefName("\(Self.latestPrefix)\(site)/\(tuple)") : nil
    }

    /// Holds the commit of one build from its start to its tag: nothing else
    /// keeps that commit from `git gc`, and it tells which build was under way
    /// when the machine stopped.
    public func building(_ build: BuildID) throws -> RefName {
        try RefName(
            root.map { "\(Self.buildingRootPrefix)\($0)/\(build)" }
                ?? "\(Self.buildingPrefix)\(site)/\(tuple)/\(build)")
    }

    /// Keeps the commit of builds that failed: what they made may be in the
    /// pool and in later builds, and whoever asks which tuple made it, in any
    /// clone, is to find the commit and not only its name. A build tried again
    /// as it was adds nothing.
    public func failed(_ commit: ObjectID) throws -> RefName {
        try RefName(
            root.map { "\(Self.failedRootPrefix)\($0)/\(commit)" }
                ?? "\(Self.failedPrefix)\(site)/\(tuple)/\(commit)")
    }

    static let latestPrefix = "refs/zentoo/latest/"
    static let buildingPrefix = "refs/zentoo/building/"
    static let buildingRootPrefix = "refs/zentoo/building-root/"
    static let failedPrefix = "refs/zentoo/failed/"
    static let failedRootPrefix = "refs/zentoo/failed-root/"
}
