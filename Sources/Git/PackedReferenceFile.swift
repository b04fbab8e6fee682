internal import SystemPackage

/// The packed-refs file: one reference per line, sorted by name, so that one
/// can be found by binary search (git-pack-refs(1)).
///
/// libgit2 reads the whole file and copies all of it for each listing: with a
/// tag for each build that was more than a third of a command's time.
struct PackedReferenceFile {
    private let file: FileDescriptor
    private let size: Int
    /// The offset of the first reference, after the header line.
    private let start: Int
    private let isSorted: Bool

    /// Calls `body` with the open file; returns nil if there is none.
    ///
    /// - Throws: ``GitError``, and what `body` throws.
    static func reading<Result>(
        in commonDirectory: FilePath, _ body: (PackedReferenceFile) throws -> Result
    ) throws -> Result? {
        let path = commonDirectory.appending("packed-refs")
        do {
            // A symbolic link is followed, as git does.
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            return try file.closeAfter {
                try body(PackedReferenceFile(file, path.string))
            }
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch let error as Errno {
            throw FileAccess.failure("read", path.string, error.rawValue)
        }
    }

    private init(_ file: FileDescriptor, _ display: String) throws {
        self.file = file
        size = try FileAccess.size(of: file, display)
        var window = Window(file: file, size: size)
        // "# pack-refs with: peeled fully-peeled sorted "
        if let line = try window.line(at: 0), line.bytes.first == UInt8(ascii: "#") {
            start = line.next
            isSorted = line.bytes.split(separator: UInt8(ascii: " "))
                .contains { $0.elementsEqual("sorted".utf8) }
        } else {
            start = 0
            isSorted = false
        }
    }

    /// Returns the target of a reference; nil when it is not packed.
    ///
    /// - Throws: ``GitError``.
    func target(of name: RefName) throws -> ObjectID? {
        let bytes = Array("\(name)".utf8)
        var found: ObjectID?
        try each(from: bytes) { line in
            if line.name.elementsEqual(bytes) { found = line.target }
            return !isSorted && found == nil
        }
        return found
    }

    /// Calls `body` with the references whose names begin with `prefix`.
    ///
    /// - Throws: ``GitError``.
    func each(under prefix: String, _ body: (RefName, ObjectID) -> Void) throws {
        let bytes = Array(prefix.utf8)
        try each(from: bytes) { line in
            guard line.name.starts(with: bytes) else { return !isSorted }
            if let text = String(validating: line.name, as: UTF8.self),
                let name = try? RefName(text), let target = line.target
            {
                body(name, target)
            }
            return true
        }
    }

    /// Calls `body` with the references from `name` on, or with all in an
    /// unsorted file, until it returns false.
    private func each(from name: [UInt8], _ body: (PackedLine) -> Bool) throws {
        var window = Window(file: file, size: size, block: 64 << 10)
        var position = isSorted ? try lowerBound(of: name) : start
        while let line = try window.line(at: position) {
            position = line.next
            if let packed = PackedLine(line.bytes), !body(packed) { return }
        }
    }

    /// Returns the offset of the first line whose name is not before `name`.
    private func lowerBound(of name: [UInt8]) throws -> Int {
        var window = Window(file: file, size: size)
        var low = start
        var high = size
        while low < high {
            let middle = low + (high - low) / 2
            guard let line = try reference(atOrAfter: middle, low, &window), line.start < high
            else {
                high = middle
                continue
            }
            if line.name.lexicographicallyPrecedes(name) {
                low = line.next
            } else {
                high = middle
            }
        }
        return low
    }

    /// Returns the first reference line that begins at `position` or later;
    /// `first` is a known start of a line.
    private func reference(
        atOrAfter position: Int, _ first: Int, _ window: inout Window
    ) throws -> (start: Int, name: ArraySlice<UInt8>, next: Int)? {
        var start = first
        if position > first {
            // From the byte before, which may be the end of a line.
            guard let rest = try window.line(at: position - 1) else { return nil }
            start = rest.next
        }
        while let line = try window.line(at: start) {
            if let packed = PackedLine(line.bytes) { return (start, packed.name, line.next) }
            start = line.next
        }
        return nil
    }
}

/// A line of the file that is a reference, not a peeled tag.
private struct PackedLine {
    let name: ArraySlice<UInt8>
    private let hex: ArraySlice<UInt8>

    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count > ObjectID.hexLength + 1, bytes.first != UInt8(ascii: "^") else {
            return nil
        }
        hex = bytes.prefix(ObjectID.hexLength)
        name = bytes.dropFirst(ObjectID.hexLength + 1)
    }

    var target: ObjectID? { ObjectID(hex: hex) }
}

/// The part of the file that is in memory.
private struct Window {
    let file: FileDescriptor
    let size: Int
    /// The number of bytes that are read at once.
    let block: Int
    private var offset = 0
    private var bytes: [UInt8] = []

    init(file: FileDescriptor, size: Int, block: Int = 512) {
        self.file = file
        self.size = size
        self.block = block
    }

    /// Returns the bytes from a position to the end of its line, and the start
    /// of the next line; nil at the end of the file.
    mutating func line(at position: Int) throws -> (bytes: ArraySlice<UInt8>, next: Int)? {
        guard position < size else { return nil }
        var wanted = block
        while true {
            if position >= offset, position < offset + bytes.count {
                let rest = bytes[(position - offset)...]
                if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    return (rest[..<end], offset + end + 1)
                }
                // The last line of a hand-written file may lack a newline.
                if offset + bytes.count >= size { return (rest, size) }
                wanted = rest.count + block
            }
            try read(wanted, at: position)
            guard !bytes.isEmpty else { return nil }
        }
    }

    private mutating func read(_ count: Int, at position: Int) throws {
        offset = position
        bytes = try [UInt8](unsafeUninitializedCapacity: min(count, size - position)) {
            $1 = try file.read(
                fromAbsoluteOffset: Int64(position), into: UnsafeMutableRawBufferPointer($0))
        }
    }
}
