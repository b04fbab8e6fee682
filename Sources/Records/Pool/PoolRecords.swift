package import Git
package import Sites

/// What the records say of a file that lies in the pool.
package struct PoolRecords {
    /// The index of what was recorded.
    package let whence: Whence

    /// What a file of some content is at some path.
    package enum Verdict: Equatable {
        /// What a record names there.
        case recorded
        /// No record names the path, nor the content.
        case unrecorded
        /// Records name other bytes at this path.
        case altered(SHA256Digest)
        /// Records name these bytes at another path, as that of another flavour.
        case misplaced(PoolPath)

        /// Why the file must not be used; nil for one that may be.
        package var reason: String? {
            switch self {
            case .recorded, .unrecorded: nil
            case .altered(let digest): "its content is not what was recorded, sha256 \(digest)"
            case .misplaced(let path): "it is '\(path)', copied here"
            }
        }
    }

    /// The records of a repository.
    ///
    /// - Throws: `GitError`.
    package init(_ repository: Repository) throws { whence = try Whence(repository) }

    /// Compares a file's digest with the records.
    func verdict(of digest: SHA256Digest, at path: PoolPath) throws -> Verdict {
        let here = try whence.entries(of: path)
        if here.contains(where: { $0.sha256 == digest }) { return .recorded }
        if let other = here.last { return .altered(other.sha256) }
        if let other = try whence.entries(of: digest).last { return .misplaced(other.path) }
        return .unrecorded
    }

    /// The paths that records name for a version in a flavour, whatever became
    /// of the files.
    func paths(of cpv: CPV, in flavour: Flavour) throws -> Set<PoolPath> {
        Set(
            try whence.entries(of: cpv).map(\.path)
                .filter { $0.chost == flavour.chost && $0.flavour == flavour.id })
    }
}
