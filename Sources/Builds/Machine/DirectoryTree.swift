internal import Files
internal import Git
internal import Glibc
internal import SystemPackage

/// The git tree of a directory.
enum DirectoryTree {
    /// Returns the id of the tree that git would create from a directory with
    /// all its files; nil if git cannot store it, for example because of a
    /// device.
    ///
    /// - Parameter gitlinks: the commits of other repositories, by the paths of
    ///   the empty directories that represent them.
    /// - Throws: `FileError`, `GitError`.
    static func id(
        of directory: FilePath, gitlinks: [[UInt8]: ObjectID] = [:]
    ) throws -> ObjectID? {
        try id(of: directory, path: [], gitlinks)
    }

    private static func id(
        of directory: FilePath, path: [UInt8], _ gitlinks: [[UInt8]: ObjectID]
    ) throws -> ObjectID? {
        var entries: [TreeEntry] = []
        for component in try Directory.names(in: directory) {
            let file = directory.appending(component)
            let name = component.withPlatformString {
                Array(UnsafeRawBufferPointer(start: $0, count: strlen($0)))
            }
            let inner = path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
            guard let status = try FileStatus.of(file) else { return nil }
            switch status.kind {
            case .file:
                guard let bytes = try FileContent.read(file) else { return nil }
                entries.append(
                    TreeEntry(
                        name: name, mode: status.isExecutable ? .executable : .file,
                        id: try ObjectID(ofBlob: bytes)))
            case .link:
                let target = try FileStatus.target(ofLink: file)
                entries.append(
                    TreeEntry(name: name, mode: .symlink, id: try ObjectID(ofBlob: target)))
            case .directory:
                guard let id = try id(of: file, path: inner, gitlinks) else { return nil }
                if id == .emptyTree, let link = gitlinks[inner] {
                    entries.append(TreeEntry(name: name, mode: .gitlink, id: link))
                } else {
                    entries.append(TreeEntry(name: name, mode: .tree, id: id))
                }
            case .other: return nil
            }
        }
        return try ObjectID(ofTree: entries)
    }
}
