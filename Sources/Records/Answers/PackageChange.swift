internal import Sites

/// The difference in one package between two builds.
package struct PackageChange: Sendable, Hashable, Codable {
    /// The kind of change.
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

    /// The kind of change.
    package let kind: Kind
    /// Category and name.
    package let package: String
    /// The slot.
    package let slot: String
    /// The package in the earlier build.
    package let before: RecordedPackage?
    /// The package in the later build.
    package let after: RecordedPackage?
    /// USE flags that are set only in the later build, sorted.
    package let useAdded: [String]
    /// USE flags that are set only in the earlier build, sorted.
    package let useRemoved: [String]
}

extension PackageChange {
    /// Creates the change from one package to another; nil when both are the
    /// same file.
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

    /// Returns all changes between two lists of packages, sorted by package and
    /// slot.
    ///
    /// Packages are matched by category, name and slot; of several files of one
    /// version the newest counts, as in Portage.
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
