#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
public import SystemPackage

extension Repository {
    /// Writes the files of a tree to a new directory, byte for byte as they are
    /// stored: without filters or line-end conversion, and without following
    /// symbolic links.
    ///
    /// Files are 0644 or 0755, directories 0755, owned by this process' user.
    /// They are written to a temporary directory beside `directory`, which is
    /// renamed at the end, so that the name shows the complete tree or nothing.
    ///
    /// - Parameters:
    ///   - tree: the tree to write.
    ///   - directory: the new directory.
    ///   - modificationTime: seconds since the epoch for every file; nil for
    ///     the current time.
    /// - Throws: ``GitError``: `conflict` when `directory` already exists,
    ///   `unsupported` for a gitlink.
    public func export(
        tree: ObjectID, to directory: FilePath, modificationTime: Int64? = nil
    ) throws {
        guard let name = directory.lastComponent else {
            throw GitError(.conflict, "'\(directory)' already exists")
        }
        guard directory.resolved() == nil else {
            throw GitError(.conflict, "'\(directory)' already exists")
        }
        let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
        let beside = directory.removingLastComponent().appending(
            ".\(name.string).incomplete-\(suffix)")
        try beside.withPlatformString { path in
            guard mkdir(path, 0o755) == 0 else {
                throw FileAccess.failure("make directory", directory.description)
            }
            do {
                let descriptor = try FileAccess.openDirectory(path, in: nil, directory.description)
                defer { try? descriptor.close() }
                try TreeExporter(repository: self, modificationTime: modificationTime)
                    .write(tree, into: descriptor, at: .root)
                try directory.withPlatformString { final in
                    // rename(2) replaces an empty directory at most, so the
                    // name never shows an incomplete tree.
                    guard rename(path, final) == 0 else {
                        // ENOTDIR: a file or a symbolic link has the name.
                        throw FileAccess.failure(
                            "make directory", directory.description,
                            errno == ENOTDIR ? EEXIST : errno)
                    }
                }
            } catch {
                try? FileAccess.removeTree(path, in: nil)
                throw error
            }
        }
    }
}

/// Writes trees into open directories.
private struct TreeExporter {
    let repository: Repository
    let modificationTime: Int64?

    func write(_ tree: ObjectID, into directory: FileDescriptor, at place: TreePath) throws {
        for entry in try repository.tree(tree) {
            let path = place.appending(entry.name)
            guard Self.isSafe(entry.name) else {
                throw GitError(.invalidName, "cannot export '\(path)': unsafe name")
            }
            guard entry.name.count <= TreePath.longestName else {
                throw GitError(
                    .invalidName, "cannot export '\(path)': the name is too long for a file")
            }
            try withCString(entry.name) { name in
                switch entry.mode {
                case .tree: try writeDirectory(entry.id, name, in: directory, at: path)
                case .file: try writeFile(entry.id, 0o644, name, in: directory, at: path)
                case .executable: try writeFile(entry.id, 0o755, name, in: directory, at: path)
                case .symlink: try writeLink(entry.id, name, in: directory, at: path)
                case .gitlink:
                    throw GitError(
                        .unsupported, "cannot export '\(path)': it is another repository's commit")
                }
            }
        }
        try setTime(of: directory, at: place)
    }

    /// Trees may come from any program; libgit2 does not check names on
    /// reading.
    private static func isSafe(_ name: [UInt8]) -> Bool {
        !name.isEmpty && !name.contains(UInt8(ascii: "/")) && name != Array(".".utf8)
            && name != Array("..".utf8)
    }

    private func writeDirectory(
        _ id: ObjectID, _ name: UnsafePointer<CChar>, in directory: FileDescriptor,
        at path: TreePath
    ) throws {
        guard mkdirat(directory.rawValue, name, 0o755) == 0 else {
            throw FileAccess.failure("make directory", path.description)
        }
        let inner = try FileAccess.openDirectory(name, in: directory, path.description)
        defer { try? inner.close() }
        // The umask must not reduce the mode.
        guard fchmod(inner.rawValue, 0o755) == 0 else {
            throw FileAccess.failure("set mode of", path.description)
        }
        try write(id, into: inner, at: path)
    }

    private func writeFile(
        _ id: ObjectID, _ mode: mode_t, _ name: UnsafePointer<CChar>,
        in directory: FileDescriptor, at path: TreePath
    ) throws {
        let descriptor = openat(
            directory.rawValue, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileAccess.failure("make", path.description) }
        let file = FileDescriptor(rawValue: descriptor)
        try file.closeAfter {
            do {
                _ = try file.writeAll(repository.blob(id))
            } catch let error as Errno {
                throw FileAccess.failure("write", path.description, error.rawValue)
            }
            guard fchmod(descriptor, mode) == 0 else {
                throw FileAccess.failure("set mode of", path.description)
            }
            try setTime(of: file, at: path)
        }
    }

    private func writeLink(
        _ id: ObjectID, _ name: UnsafePointer<CChar>, in directory: FileDescriptor,
        at path: TreePath
    ) throws {
        let target = try repository.blob(id)
        guard TreePath.isLinkTarget(target) else {
            throw GitError(
                .invalid, "cannot make link '\(path)': its target is empty or no path")
        }
        try withCString(target) { target in
            guard symlinkat(target, directory.rawValue, name) == 0 else {
                throw FileAccess.failure("make link", path.description)
            }
        }
        guard let modificationTime else { return }
        let times = Self.times(modificationTime)
        guard utimensat(directory.rawValue, name, times, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw FileAccess.failure("set time of", path.description)
        }
    }

    private func setTime(of file: FileDescriptor, at path: TreePath) throws {
        guard let modificationTime else { return }
        let times = Self.times(modificationTime)
        guard futimens(file.rawValue, times) == 0 else {
            throw FileAccess.failure("set time of", path.description)
        }
    }

    private static func times(_ seconds: Int64) -> [timespec] {
        [timespec(tv_sec: Int(seconds), tv_nsec: 0), timespec(tv_sec: Int(seconds), tv_nsec: 0)]
    }
}
