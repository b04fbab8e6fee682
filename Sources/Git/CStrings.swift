#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Returns the bytes of a C string, whatever their encoding.
func bytes(of string: UnsafePointer<CChar>) -> [UInt8] {
    UnsafeRawBufferPointer(start: string, count: strlen(string)).map { $0 }
}

/// Calls `body` with `bytes` as a C string.
///
/// - Throws: ``GitError`` when they contain a zero byte, which would truncate
///   it; what `body` throws.
func withCString<Result>(
    _ bytes: some Collection<UInt8>, _ body: (UnsafePointer<CChar>) throws -> Result
) throws -> Result {
    guard !bytes.contains(0) else {
        throw GitError(
            .invalidName, "'\(String(decoding: bytes, as: UTF8.self))' contains a zero byte")
    }
    var terminated = bytes.map { CChar(bitPattern: $0) }
    terminated.append(0)
    return try terminated.withUnsafeBufferPointer { buffer in
        // Never nil: the terminator is always there.
        guard let start = buffer.baseAddress else { return try body("") }
        return try body(start)
    }
}
