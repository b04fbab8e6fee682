internal import Glibc
internal import SystemPackage

/// Finds the mount points of a step's mounts in a root, and creates missing
/// ones.
///
/// bwrap(1) resolves a target outside the root: with a symbolic link to
/// `/oldroot/etc` in the root it creates the target's missing directories on
/// this machine (bubblewrap 0.8). Every target is therefore resolved here
/// first, as the step itself would see it, and bwrap receives a path without
/// symbolic links.
///
/// The root must not change meanwhile; it does not, since no step is running.
struct MountPoints {
    private enum Layer {
        case writable(FilePath)
        case readOnly(FilePath)
        case memory
    }

    /// The mounts so far, the root first; the last one that contains a path is
    /// visible there.
    private var layers: [(target: [FilePath.Component], content: Layer)]
    /// The mount points created in the root itself, outermost first.
    private(set) var made: [FilePath] = []

    private static let mostLinks = 40

    init(root: FilePath) {
        layers = [(target: [], content: .writable(root))]
    }

    /// The place of a mount.
    struct Place: Hashable {
        /// The absolute path in the root, without symbolic links.
        let target: FilePath
        /// The permissions of the existing directory; nil if there is none yet.
        let permissions: mode_t?
    }

    /// Resolves the mount's target, creates it if it is missing, and records
    /// the mount for later ones.
    ///
    /// - Returns: the place of the mount.
    /// - Throws: ``EngineError`` with code `setup`.
    mutating func add(_ mount: Mount) throws -> Place {
        let target: String
        let isDirectory: Bool
        let content: Layer
        switch mount {
        case .readOnly(let source, let place):
            (target, isDirectory, content) = (
                place, try Self.isDirectory(source), .readOnly(source)
            )
        case .readWrite(let source, let place), .fenced(let source, let place):
            (target, isDirectory, content) = (
                place, try Self.isDirectory(source), .writable(source)
            )
        case .memory(let place, _):
            (target, isDirectory, content) = (place, true, .memory)
        }
        let components = try resolve(target, isDirectory: isDirectory)
        let status = visible(components).flatMap { Self.status(of: $0.path) }
        layers.append((target: components, content: content))
        return Place(
            target: Self.absolute(components),
            permissions: status.map { $0.st_mode & 0o7777 })
    }

    /// Removes created mount points that are still empty, so that they do not
    /// remain in the root.
    func removeMade() {
        for path in made.reversed() {
            guard let status = Self.status(of: path) else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                _ = path.withPlatformString { rmdir($0) }
            } else if status.st_size == 0 {
                _ = path.withPlatformString { unlink($0) }
            }
        }
    }

    private mutating func resolve(
        _ target: String, isDirectory: Bool
    ) throws -> [FilePath.Component] {
        var pending = Array(FilePath(target).components.reversed())
        var resolved: [FilePath.Component] = []
        var linksLeft = Self.mostLinks
        while let component = pending.popLast() {
            switch component.kind {
            case .currentDirectory: continue
            case .parentDirectory:
                _ = resolved.popLast()
                continue
            case .regular: break
            }
            let candidate = resolved + [component]
            guard !Self.isReserved(candidate) else {
                throw EngineError(
                    .setup, "cannot mount on '\(target)': it leads to '\(Self.absolute(candidate))'"
                )
            }
            guard let (path, isWritable) = visible(candidate) else {
                // A memory mount is still empty; bwrap creates what is missing.
                resolved = candidate
                continue
            }
            guard let status = Self.status(of: path) else {
                guard isWritable else {
                    throw EngineError(
                        .setup,
                        "cannot mount on '\(target)': '\(Self.absolute(candidate))' is missing "
                            + "in a read-only mount")
                }
                try make(path, isDirectory: isDirectory || !pending.isEmpty, for: target)
                resolved = candidate
                continue
            }
            switch status.st_mode & S_IFMT {
            case S_IFLNK:
                linksLeft -= 1
                guard linksLeft > 0, let link = SmallFile.link(at: path) else {
                    throw EngineError(
                        .setup, "cannot mount on '\(target)': too many levels of symbolic links")
                }
                if link.isAbsolute { resolved = [] }
                pending += link.components.reversed()
            case S_IFDIR: resolved = candidate
            default:
                guard pending.isEmpty else {
                    throw EngineError(
                        .setup,
                        "cannot mount on '\(target)': '\(Self.absolute(candidate))' is not a "
                            + "directory")
                }
                resolved = candidate
            }
        }
        return resolved
    }

    private mutating func make(
        _ path: FilePath, isDirectory: Bool, for target: String
    ) throws {
        let result = path.withPlatformString { name in
            if isDirectory { return mkdir(name, 0o755) }
            let descriptor = creat(name, 0o644)
            return descriptor < 0 ? -1 : close(descriptor)
        }
        guard result == 0 else {
            throw EngineError(
                .setup,
                "cannot make mount point '\(target)': \(Errno(rawValue: errno))")
        }
        if case .writable(let root) = layers[0].content, path.starts(with: root) {
            made.append(path)
        }
    }

    /// Returns the path on this machine of a file that a step sees; nil in
    /// memory.
    private func visible(
        _ components: [FilePath.Component]
    ) -> (path: FilePath, isWritable: Bool)? {
        guard let layer = layers.last(where: { components.starts(with: $0.target) }) else {
            return nil
        }
        let below = components.dropFirst(layer.target.count)
        switch layer.content {
        case .writable(let source): return (source.appending(below), true)
        case .readOnly(let source): return (source.appending(below), false)
        case .memory: return nil
        }
    }

    /// Returns whether the engine itself mounts something there after all
    /// mounts.
    static func isReserved(_ components: some Collection<FilePath.Component>) -> Bool {
        components.first.map { ["dev", "proc", "sys"].contains($0) } ?? false
    }

    private static func absolute(_ components: [FilePath.Component]) -> FilePath {
        FilePath(root: "/", components)
    }

    private static func status(of path: FilePath) -> stat? {
        var status = stat()
        return path.withPlatformString { lstat($0, &status) } == 0 ? status : nil
    }

    private static func isDirectory(_ source: FilePath) throws -> Bool {
        var status = stat()
        guard source.withPlatformString({ stat($0, &status) }) == 0 else {
            throw EngineError(
                .setup, "cannot mount '\(source)': \(Errno(rawValue: errno))")
        }
        return status.st_mode & S_IFMT == S_IFDIR
    }

}
