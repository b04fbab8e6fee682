internal import CGit2

extension Repository {
    /// Returns the annotated tag with this id; `nil` when it is another kind of
    /// object.
    ///
    /// - Throws: ``GitError``.
    public func tag(_ id: ObjectID) throws -> AnnotatedTag? {
        guard try kind(of: id) == .tag else { return nil }
        return try withObject(id, .tag) { tag in
            guard let target = git_tag_target_id(tag), let name = git_tag_name(tag),
                let kind = ObjectKind(git_tag_target_type(tag))
            else { throw GitError(.invalid, "tag '\(id)' is damaged") }
            return AnnotatedTag(
                name: String(cString: name), target: ObjectID(target.pointee), kind: kind,
                tagger: git_tag_tagger(tag).map { Signature($0) },
                fullMessage: git_tag_message(tag).map { String(cString: $0) } ?? "")
        }
    }

    /// Returns the bytes of an annotated tag as git stores it (git-mktag(1)),
    /// for searching ten thousands of tags for one line; `nil` when it is
    /// another kind of object or does not exist.
    ///
    /// - Throws: ``GitError``.
    public func tagBytes(_ id: ObjectID) throws -> [UInt8]? {
        var raw = id.raw
        return try withObjectDatabase { odb in
            var object: OpaquePointer?
            let status = git_odb_read(&object, odb, &raw)
            if status == GIT_ENOTFOUND.rawValue {
                git_error_clear()
                return nil
            }
            try check(status, "cannot read object '\(id)'")
            guard let object else { return nil }
            defer { git_odb_object_free(object) }
            guard git_odb_object_type(object) == GIT_OBJECT_TAG else { return nil }
            return [UInt8](
                UnsafeRawBufferPointer(
                    start: git_odb_object_data(object), count: git_odb_object_size(object)))
        }
    }

    /// Stores an annotated tag. The reference is created separately with
    /// ``set(_:to:expecting:message:)``, so that only one process can claim a
    /// name.
    ///
    /// - Parameters:
    ///   - tag: the tag.
    ///   - signature: the armour that ``TagSigner`` made of the tag's
    ///     ``AnnotatedTag/payload``.
    /// - Returns: the tag's id.
    /// - Throws: ``GitError``, also when the tagged object does not exist or is
    ///   of another kind.
    public func writeTag(_ tag: AnnotatedTag, signature: [UInt8] = []) throws -> ObjectID {
        guard try kind(of: tag.target) == tag.kind else {
            throw GitError(
                .notFound, "cannot tag '\(tag.name)': \(tag.kind.name) '\(tag.target)' not found")
        }
        let bytes = tag.payload + signature
        var id = git_oid()
        try withObjectDatabase { odb in
            try bytes.withUnsafeBytes {
                _ = try check(
                    git_odb_write(&id, odb, $0.baseAddress, $0.count, GIT_OBJECT_TAG),
                    "cannot write tag '\(tag.name)'")
            }
        }
        return ObjectID(id)
    }
}
