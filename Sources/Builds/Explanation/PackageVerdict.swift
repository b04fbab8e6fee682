package import Records
internal import Sites

/// The reason why a planned package is compiled or reused.
package struct PackageVerdict: Sendable, Hashable, Codable {
    /// How the package is handled.
    package enum Outcome: String, Sendable, Hashable, Codable {
        /// The binary package is reused as it is.
        case reused
        /// There is a record of it, but it is compiled again.
        case rebuilt
        /// There is no record of it in the last build.
        case new
    }

    /// One difference between the recorded and the planned package.
    package struct Cause: Sendable, Hashable, Codable {
        /// The property that differs.
        package enum Kind: String, Sendable, Hashable, Codable {
            /// Another host triplet.
            case chost
            /// Other compiler flags, patches, toolchain: another flavour.
            case flavour
            /// Another version.
            case version
            /// Another slot or sub-slot.
            case slot
            /// Other USE flags: those removed, those added.
            case use
            /// Another ebuild repository.
            case repository
            /// The ebuild, an eclass or one of its files was edited without a
            /// new revision.
            case ebuild
            /// The record matches; Portage refuses the file for a reason that
            /// is not recorded: changed dependencies, or the file is not in the
            /// pool.
            case dependencies
        }

        /// The property that differs.
        package let kind: Kind
        /// The recorded value.
        package let before: String
        /// The planned value.
        package let after: String
    }

    /// The package as planned.
    package let package: PlannedPackage
    /// The recorded package it is compared with, if there is one.
    package let recorded: RecordedPackage?
    /// How the package is handled.
    package let outcome: Outcome
    /// The differences. A reused package has only those that Portage does not
    /// check: an ebuild edited without a new revision.
    package let causes: [Cause]

    /// Explains a planned package by comparing it with the recorded ones.
    ///
    /// - Parameter recorded: the packages of the last build; of those with the
    ///   same name, the one of the same slot is compared, else the newest.
    package init(_ planned: PlannedPackage, recorded: [RecordedPackage]) {
        let namesakes = recorded.filter { $0.cpv.package == planned.cpv.package }
        let slot = planned.slot.prefix { $0 != "/" }
        let sameSlot = namesakes.filter { $0.mainSlot == slot }
        let match = (sameSlot.isEmpty ? namesakes : sameSlot)
            .max { ($0.cpv.version, $0.buildNumber) < ($1.cpv.version, $1.buildNumber) }
        package = planned
        self.recorded = match
        guard let match else {
            outcome = planned.isReused ? .reused : .new
            causes = []
            return
        }
        let differences = Self.differences(from: match, to: planned)
        outcome = planned.isReused ? .reused : .rebuilt
        if planned.isReused {
            causes = differences.filter { $0.kind == .ebuild }
        } else if differences.isEmpty {
            causes = [Cause(kind: .dependencies, before: "", after: "")]
        } else {
            causes = differences
        }
    }

    /// Returns all differences between a recorded package and the planned one.
    static func differences(
        from recorded: RecordedPackage, to planned: PlannedPackage
    ) -> [Cause] {
        var causes: [Cause] = []
        func compare(_ kind: Cause.Kind, _ before: String, _ after: String) {
            if before != after { causes.append(Cause(kind: kind, before: before, after: after)) }
        }
        compare(.chost, recorded.path.chost, planned.chost)
        compare(.flavour, recorded.path.flavour, planned.flavour)
        compare(.version, recorded.cpv.version.description, planned.cpv.version.description)
        compare(.slot, Self.short(recorded.slot), Self.short(planned.slot))
        let removed = Set(recorded.use).subtracting(planned.use).sorted()
        let added = Set(planned.use).subtracting(recorded.use).sorted()
        compare(.use, removed.joined(separator: " "), added.joined(separator: " "))
        compare(.repository, recorded.repository, planned.repository)
        // The ebuilds of different versions differ anyway.
        if recorded.cpv == planned.cpv, let old = recorded.ebuildDigest,
            let new = planned.ebuildDigest
        {
            compare(.ebuild, old.description, new.description)
        }
        return causes
    }

    /// Omits a sub-slot that only repeats the slot.
    private static func short(_ slot: String) -> String {
        let parts = slot.split(separator: "/")
        return parts.count == 2 && parts[0] == parts[1] ? String(parts[0]) : slot
    }
}
