internal import SystemPackage

extension StageImage {
    /// The first bytes of a program in the stage; nil when none is found.
    var programBeginning: [UInt8]? {
        for name in ["bin/sh", "usr/bin/env", "bin/busybox"] {
            guard let path = resolve(FilePath(name)),
                let file = try? FileDescriptor.open(
                    path, .readOnly, options: [.closeOnExec, .noFollow])
            else { continue }
            defer { try? file.close() }
            var head = [UInt8](repeating: 0, count: 128)
            let count = (try? head.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
            if count >= 20 { return Array(head[..<count]) }
        }
        return nil
    }

    /// The architecture of its programs; nil if it is unknown.
    var architecture: Architecture? {
        programBeginning.flatMap { Architecture(programBeginning: $0) }
    }

    /// Resolves a path in the stage, following symbolic links as in the stage.
    private func resolve(_ path: FilePath) -> FilePath? {
        var pending = Array(path.components.reversed())
        var resolved: [FilePath.Component] = []
        var linksLeft = 40
        while let component = pending.popLast() {
            if component.kind == .parentDirectory {
                _ = resolved.popLast()
                continue
            }
            guard component.kind == .regular else { continue }
            let candidate = resolved + [component]
            guard let link = SmallFile.link(at: tree.appending(candidate)) else {
                resolved = candidate
                continue
            }
            linksLeft -= 1
            if linksLeft == 0 { return nil }
            if link.isAbsolute { resolved = [] }
            pending += link.components.reversed()
        }
        return tree.appending(resolved)
    }
}
