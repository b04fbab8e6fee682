internal import Sites

/// How a package differs between two builds.
package struct PackageChange: Sendable, Hashable, Codable {
    /// What happened to it.
    package enum Kind: String, Sendable, Hashable, Codable {
        /// Only the later build has it.
        case added
        /// Only the earlier build has it.
        case removed
        /// A later version.
        case upgraded
        /// An earlier version.
        case downgraded
        /// The same version, with other USE flags.
        case reconfigured
        /// The same version and flags, compiled again.
        case rebuilt
    }

    /// What happened to it.
    package let kind: Kind
    /// Category and name.
    package let package: String
    /// The slot it is in.
    package let slot: String
    /// What the earlier build has.
    package let before: RecordedPackage?
    /// What the later build has.
    package let after: RecordedPackage?
    /// USE flags that are set now and were not, sorted.
    package let useAdded: [String]
    /// USE flags that were set and are not now, sorted.
    package let useRemoved: [String]
}

extension PackageChange {
    /// The change from one package to the other; nil when it is the same file.
    init?(from before: RecordedPackage?, to after: RecordedPackage?) {
        guard let either = after ?? before, before?.sha256 != after?.sha256 else { return nil }
        self.before = before
        self.after = after
        package = either.cpv.package
        slot = either.mainSlot
        guard let before, let after else {
            kind = before == nil ? .added : .removed
            useAdded = []
            useRemoved = []
            return
        }
        useAdded = Set(after.use).subtracting(before.use).sorted()
        useRemoved = Set(before.use).subtracting(after.use).sorted()
        kind =
            switch after.cpv.version.order(to: before.cpv.version) {
            case .later: .upgraded
            case .earlier: .downgraded
            case .same: useAdded.isEmpty && useRemoved.isEmpty ? .rebuilt : .reconfigured
            }
    }

    /// All changes between two lists of packages, sorted by package and slot.
    ///
    /// Packages are the same when category, name and slot are; of several
    /// files of one version the newest counts, as for Portage.
    static func changes(
        from before: [RecordedPackage], to after: [RecordedPackage]
    ) -> [PackageChange] {
        let old = bySlot(before)
        let new = bySlot(after)
        return Set(old.keys).union(new.keys)
            .compactMap { PackageChange(from: old[$0], to: new[$0]) }
            .sorted { ($0.package, $0.slot) < ($1.package, $1.slot) }
    }

    private static func bySlot(_ packages: [RecordedPackage]) -> [String: RecordedPackage] {
        Dictionary(packages.map { ("\($0.cpv.package):\($0.mainSlot)", $0) }) { one, other in
            (one.cpv.version, one.buildNumber) < (other.cpv.version, other.buildNumber)
                ? other : one
        }
    }
}
