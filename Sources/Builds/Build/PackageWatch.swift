internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// The contents of a flavour's PKGDIR before a merge, and the packages that the
/// merge is to add.
///
/// Phases that run as root can write to PKGDIR. A merge's output is therefore
/// trusted only as far as its plan goes: a package that was there before must
/// be the same file, and a new one must be of a version that the plan compiles.
struct PackageWatch {
    /// The versions that the plan compiles.
    let expected: Set<CPV>
    private let directory: FilePath
    private let flavour: Flavour
    private let before: [String: FileIdentity]

    /// Records the current contents.
    ///
    /// - Parameter plan: the plan of the merge; nil if nothing may be added.
    /// - Throws: `FileError`.
    init(_ directory: FilePath, of flavour: Flavour, before plan: MergePlan?) throws {
        let entries = plan?.entries ?? []
        self.init(
            directory, of: flavour, before: try PackageDirectory.identities(in: directory),
            expecting: Set(entries.filter { $0.source == .build }.compactMap { CPV($0.cpv) }))
    }

    init(
        _ directory: FilePath, of flavour: Flavour, before: [String: FileIdentity],
        expecting expected: Set<CPV>
    ) {
        self.directory = directory
        self.flavour = flavour
        self.before = before
        self.expected = expected
    }

    /// The paths of the packages that were there before.
    var present: Set<String> { Set(before.keys) }

    /// Returns the packages that are there now and must not be used.
    ///
    /// - Throws: `FileError`.
    func unfit() throws -> [Quarantine.Unfit] {
        let index = try PackageIndex(of: directory)?.sizes ?? [:]
        return try PackageDirectory.identities(in: directory)
            .sorted { $0.key < $1.key }
            .compactMap { path, identity in
                guard let place = PoolPath("\(flavour.path)/\(path)") else { return nil }
                return reason(place, identity, indexed: index[path]).map {
                    Quarantine.Unfit(path: place, reason: $0)
                }
            }
    }

    private func reason(
        _ path: PoolPath, _ identity: FileIdentity, indexed: Int?
    ) -> String? {
        if let earlier = before[path.pathInFlavour] {
            return isSame(identity, earlier) ? nil : "a merge has changed it"
        }
        if !expected.contains(path.cpv) { return "nothing that was compiled makes it" }
        if let indexed, indexed != identity.size { return "it was changed after it was made" }
        return nil
    }

    /// Containers write to a copy of hard links, which changes the inode's time. A
    /// change that shows nowhere else is found by the digest, before the package is
    /// used.
    private func isSame(_ identity: FileIdentity, _ earlier: FileIdentity) -> Bool {
        identity.device == earlier.device && identity.inode == earlier.inode
            && identity.size == earlier.size && identity.modified == earlier.modified
    }
}
