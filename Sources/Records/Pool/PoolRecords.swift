package import Git
package import Sites

/// The records about files in the pool.
package struct PoolRecords {
    /// The index of the records.
    package let whence: Whence

    /// The result of comparing a file with the records.
    package enum Verdict: Equatable {
        /// A record names this content at this path.
        case recorded
        /// No record names the path or the content.
        case unrecorded
        /// Records name other content at this path.
        case altered(SHA256Digest)
        /// Records name this content at another path, for example of another
        /// flavour.
        case misplaced(PoolPath)

        /// The reason why the file must not be used; nil if it may be used.
        package var reason: String? {
            switch self {
            case .recorded, .unrecorded: nil
            case .altered(let digest): "its content is not what was recorded, sha256 \(digest)"
            case .misplaced(let path): "it is '\(path)', copied here"
            }
        }
    }

    /// Opens the records of a repository.
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

    /// Returns the paths that records name for a version in a flavour, whether
    /// or not the files exist.
    func paths(of cpv: CPV, in flavour: Flavour) throws -> Set<PoolPath> {
        Set(
            try whence.entries(of: cpv).map(\.path)
                .filter { $0.chost == flavour.chost && $0.flavour == flavour.id })
    }
}
