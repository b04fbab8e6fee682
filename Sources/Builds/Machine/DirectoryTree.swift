internal import Files
internal import Git
internal import Glibc
internal import SystemPackage

/// A directory as git sees it.
enum DirectoryTree {
    /// The id of the tree that git would make of a directory, nothing left out;
    /// nil for one that git cannot hold, with a device in it.
    ///
    /// - Parameter gitlinks: what stands for a commit of another repository, by
    ///   its path: an empty directory.
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
