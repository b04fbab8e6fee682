package import Records
internal import Sites

/// Why a planned package is compiled, or not.
package struct PackageVerdict: Sendable, Hashable, Codable {
    /// What becomes of it.
    package enum Outcome: String, Sendable, Hashable, Codable {
        /// The binary package is taken as it is.
        case reused
        /// There is a record of it, but it is compiled again.
        case rebuilt
        /// No build of this kind of machine has had it.
        case new
    }

    /// One difference between what is recorded and what is wanted.
    package struct Cause: Sendable, Hashable, Codable {
        /// In what they differ.
        package enum Kind: String, Sendable, Hashable, Codable {
            /// Another host triplet.
            case chost
            /// Other compiler flags, patches, toolchain: another flavour.
            case flavour
            /// Another version.
            case version
            /// Another slot or sub-slot.
            case slot
            /// Other USE flags: those taken away, those added.
            case use
            /// Another ebuild repository.
            case repository
            /// The ebuild, an eclass or a file of it was edited without a
            /// new revision.
            case ebuild
            /// The record fits; Portage refuses the file for what no record
            /// has: changed dependencies, or the file is not in the pool.
            case dependencies
        }

        /// In what they differ.
        package let kind: Kind
        /// What is recorded.
        package let before: String
        /// What is wanted.
        package let after: String
    }

    /// The package as planned.
    package let package: PlannedPackage
    /// The package as recorded, when there is one to compare with.
    package let recorded: RecordedPackage?
    /// What becomes of it.
    package let outcome: Outcome
    /// The differences. A reused package has some only where Portage does not
    /// look: an ebuild edited without a new revision.
    package let causes: [Cause]

    /// Explains a planned package by what is recorded.
    ///
    /// - Parameter recorded: the packages of the last build; of those of the
    ///   same name the one of the same slot is compared with, else the newest.
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

    /// All in which a recorded package is not what is planned.
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
        // Of another version everything else differs too, and means nothing.
        if recorded.cpv == planned.cpv, let old = recorded.ebuildDigest,
            let new = planned.ebuildDigest
        {
            compare(.ebuild, old.description, new.description)
        }
        return causes
    }

    /// Without a sub-slot that only repeats the slot.
    private static func short(_ slot: String) -> String {
        let parts = slot.split(separator: "/")
        return parts.count == 2 && parts[0] == parts[1] ? String(parts[0]) : slot
    }
}
