internal import Git

/// Describes what git cannot keep of a directory, path by path.
struct LossList {
    /// Whether the branch has files of a root, as below `copy/`: a line of
    /// `modes` can then keep what git cannot.
    let isBuildhooks: Bool
    /// The paths in the root that the branch's `modes` lists.
    let kept: Set<String>
    /// Returns the mode that git keeps for a path: 0644 or 0755.
    let standardMode: (TreePath) throws -> UInt32

    /// All losses of one path.
    fileprivate struct Lost {
        var isEmptyDirectory = false
        var mode: UInt32?
        var owner: String?
        var message: String?

        var isNothingButEmpty: Bool {
            isEmptyDirectory && mode == nil && owner == nil && message == nil
        }
    }

    func losses(_ report: ImportReport) throws -> [ImportLoss] {
        var paths: [TreePath] = []
        var lost: [TreePath: Lost] = [:]
        for entry in report.losses {
            if lost[entry.path] == nil { paths.append(entry.path) }
            lost[entry.path, default: Lost()].add(entry.loss)
        }
        // The directories above an empty directory are recreated with it.
        let innerPaths = paths.filter { lost[$0]?.isEmptyDirectory == true }
        paths.removeAll { path in
            lost[path, default: Lost()].isNothingButEmpty
                && innerPaths.contains { $0 != path && $0.isWithin(path) }
        }
        let owners = Set(lost.values.compactMap(\.owner))
        let owned = lost.values.count { $0.owner != nil }
        guard let owner = owners.first, owners.count == 1, owned >= report.files else {
            return try paths.compactMap { try loss(of: $0, lost[$0, default: Lost()]) }
        }
        // If a single user owns everything it is a working copy, and not the
        // intended owner.
        let whole = ImportLoss(
            file: ".", message: "all of it belongs to \(owner); in a root it is root's",
            modesLine: nil)
        return try [whole]
            + paths.compactMap { path in
                var one = lost[path, default: Lost()]
                one.owner = nil
                return try loss(of: path, one)
            }
    }

    private func loss(of path: TreePath, _ lost: Lost) throws -> ImportLoss? {
        let file = path.description
        let place = place(of: file)
        if let message = lost.message {
            return ImportLoss(file: file, message: message, modesLine: nil)
        }
        if let place, kept.contains(place) { return nil }
        var parts: [String] = []
        if lost.isEmptyDirectory { parts.append("empty directories") }
        if let mode = lost.mode { parts.append("its mode \(Self.octal(mode))") }
        if let owner = lost.owner { parts.append("its owner \(owner)") }
        guard !parts.isEmpty else { return nil }
        let line = try place.map { place in
            let mode = try lost.mode ?? (lost.isEmptyDirectory ? 0o755 : standardMode(path))
            return "\(place) \(Self.octal(mode)) \(lost.owner ?? "root:root")"
        }
        return ImportLoss(
            file: file, message: "git does not keep \(parts.joined(separator: " and "))",
            modesLine: line)
    }

    /// Returns the path in a root of a file of the branch; nil unless it is
    /// below `copy/` of buildhooks.
    private func place(of file: String) -> String? {
        let folder = "copy/"
        return isBuildhooks && file.hasPrefix(folder) ? "/" + file.dropFirst(folder.count) : nil
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension LossList.Lost {
    fileprivate mutating func add(_ loss: ImportReport.Loss) {
        switch loss {
        case .emptyDirectory: isEmptyDirectory = true
        case .mode(let mode): self.mode = mode
        case .owner(let user, let group): owner = "\(user):\(group)"
        case .nestedRepository: message = "a repository of its own is left out"
        case .special: message = "it is neither a file nor a link and is left out"
        case .refusedName: message = "git does not accept the name; it is left out"
        }
    }
}
