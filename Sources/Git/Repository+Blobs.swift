internal import CGit2
public import SystemPackage

extension Repository {
    /// Returns the bytes of a blob.
    ///
    /// - Throws: ``GitError``.
    public func blob(_ id: ObjectID) throws -> [UInt8] {
        try withObject(id, .blob) { blob in
            // git_blob_lookup and git_object_lookup return the same object.
            let start = git_blob_rawcontent(blob)
            return [UInt8](
                UnsafeRawBufferPointer(start: start, count: Int(git_blob_rawsize(blob))))
        }
    }

    /// Returns the bytes of the blob at `path` in `tree`; `nil` when there is
    /// none.
    ///
    /// - Throws: ``GitError``.
    public func blob(in tree: ObjectID, _ path: TreePath) throws -> [UInt8]? {
        guard let entry = try entry(in: tree, path), entry.mode != .tree, entry.mode != .gitlink
        else { return nil }
        return try blob(entry.id)
    }

    /// Stores `bytes` as a blob.
    ///
    /// - Returns: the blob's id.
    /// - Throws: ``GitError``.
    @discardableResult
    public func writeBlob(_ bytes: some Sequence<UInt8>) throws -> ObjectID {
        let bytes = Array(bytes)
        var id = git_oid()
        // Not git_blob_create_from_buffer(), which creates a file before it
        // checks whether the object exists.
        try withObjectDatabase { odb in
            try bytes.withUnsafeBytes {
                _ = try check(
                    git_odb_write(&id, odb, $0.baseAddress, $0.count, GIT_OBJECT_BLOB),
                    "cannot write blob")
            }
        }
        return ObjectID(id)
    }

    /// Stores a file as a blob, byte for byte and without loading a large file
    /// into memory.
    ///
    /// - Returns: the blob's id.
    /// - Throws: ``GitError``, also when the file changes meanwhile.
    public func writeBlob(file: FilePath) throws -> ObjectID {
        let descriptor = try FileAccess.open(file, in: nil)
        defer { try? descriptor.close() }
        return try writeBlob(descriptor, named: file.description)
    }

    /// Stores the rest of a regular file.
    func writeBlob(_ file: FileDescriptor, named name: String) throws -> ObjectID {
        let action = "cannot store '\(name)'"
        let size = try FileAccess.size(of: file, name)
        if size < Self.chunk {
            // A small file is read completely, since checking whether the
            // object exists is much cheaper than writing it again.
            return try writeBlob(FileAccess.readAll(file, name))
        }
        return try withObjectDatabase { odb in
            var stream: UnsafeMutablePointer<git_odb_stream>?
            try check(
                git_odb_open_wstream(&stream, odb, git_object_size_t(size), GIT_OBJECT_BLOB),
                action)
            defer { git_odb_stream_free(stream) }
            var buffer = [UInt8](repeating: 0, count: min(max(size, 1), Self.chunk))
            var left = size
            while left > 0 {
                let count = try buffer.withUnsafeMutableBytes {
                    try FileAccess.read(file, into: $0, name)
                }
                guard count > 0, count <= left else { break }
                left -= count
                try buffer.withUnsafeBytes {
                    _ = try check(
                        git_odb_stream_write(stream, $0.baseAddress, count), action)
                }
            }
            let rest = try buffer.withUnsafeMutableBytes {
                try FileAccess.read(file, into: $0, name)
            }
            guard left == 0, rest == 0 else {
                throw GitError(.conflict, "'\(name)' changed while it was read")
            }
            var id = git_oid()
            try check(git_odb_stream_finalize_write(&id, stream), action)
            return ObjectID(id)
        }
    }

    private static let chunk = 1 << 20
}
