#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
public import SystemPackage

extension Repository {
    /// Stores a directory as a tree, byte for byte: without filters or
    /// `.gitignore`, symbolic links as links.
    ///
    /// - Parameters:
    ///   - directory: the directory; not a symbolic link to one.
    ///   - isWanted: whether to store a file, or a directory with its contents.
    /// - Returns: the tree, ``ObjectID/emptyTree`` when there are no files, and
    ///   a report of what git cannot store.
    /// - Throws: ``GitError``.
    public func importDirectory(
        _ directory: FilePath,
        where isWanted: (_ path: TreePath, _ kind: FileKind) throws -> Bool = { _, _ in true }
    ) throws -> (tree: ObjectID, report: ImportReport) {
        let descriptor = try directory.withPlatformString {
            try FileAccess.openDirectory($0, in: nil, directory.description)
        }
        defer { try? descriptor.close() }
        return try withoutActuallyEscaping(isWanted) { isWanted in
            var importer = DirectoryImporter(
                repository: self, directory: directory.description, isWanted: isWanted)
            let tree = try importer.store(descriptor, at: .root)
            return (tree ?? .emptyTree, importer.report)
        }
    }
}

/// Stores open directories as trees.
private struct DirectoryImporter {
    let repository: Repository
    let directory: String
    let isWanted: (TreePath, FileKind) throws -> Bool
    var report = ImportReport()

    /// - Returns: `nil` when it contains nothing that git stores.
    mutating func store(_ directory: FileDescriptor, at place: TreePath) throws -> ObjectID? {
        let names = try FileAccess.names(in: directory, display(place))
        return try repository.withTreeBuilder(nil) { builder in
            var isEmpty = true
            for name in names {
                let path = place.appending(name)
                guard let entry = try store(name, in: directory, at: path) else { continue }
                do {
                    try repository.insert(entry, into: builder)
                    isEmpty = false
                    if entry.mode != .tree { report.files += 1 }
                } catch is GitError {
                    // The object was just written, so the name must be invalid.
                    report.note(.refusedName, at: path)
                }
            }
            return isEmpty ? nil : try repository.write(builder)
        }
    }

    private mutating func store(
        _ name: [UInt8], in directory: FileDescriptor, at path: TreePath
    ) throws -> TreeEntry? {
        try withCString(name) { cName in
            let status = try FileAccess.status(of: cName, in: directory, display(path))
            let kind = Self.kind(status)
            if name == Array(".git".utf8) {
                report.note(.nestedRepository, at: path)
                return nil
            }
            guard try isWanted(path, kind) else { return nil }
            if status.st_uid != 0 || status.st_gid != 0 {
                report.note(.owner(user: status.st_uid, group: status.st_gid), at: path)
            }
            switch kind {
            case .directory:
                noteMode(status, keeping: [0o755], at: path)
                let inner = try FileAccess.openDirectory(cName, in: directory, display(path))
                defer { try? inner.close() }
                guard let id = try store(inner, at: path) else {
                    report.note(.emptyDirectory, at: path)
                    return nil
                }
                return TreeEntry(name: name, mode: .tree, id: id)
            case .file:
                noteMode(status, keeping: [0o644, 0o755], at: path)
                let file = try FileAccess.open(FilePath(platformString: cName), in: directory)
                defer { try? file.close() }
                let id = try repository.writeBlob(file, named: display(path))
                // git checks only the owner's x bit.
                return TreeEntry(
                    name: name, mode: status.st_mode & 0o100 != 0 ? .executable : .file, id: id)
            case .symlink:
                let target = try FileAccess.target(of: cName, in: directory, display(path))
                return TreeEntry(name: name, mode: .symlink, id: try repository.writeBlob(target))
            case .special:
                report.note(.special, at: path)
                return nil
            }
        }
    }

    private mutating func noteMode(
        _ status: stat, keeping kept: [mode_t], at path: TreePath
    ) {
        let mode = status.st_mode & 0o7777
        if !kept.contains(mode) { report.note(.mode(mode), at: path) }
    }

    private func display(_ path: TreePath) -> String {
        path.bytes.isEmpty ? directory : "\(directory)/\(path)"
    }

    private static func kind(_ status: stat) -> FileKind {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        case S_IFLNK: .symlink
        default: .special
        }
    }
}
