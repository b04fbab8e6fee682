internal import Glibc
internal import SystemPackage

/// What a killed launcher may leave running.
///
/// bwrap(1) dies with its launcher and its command with it, but for an
/// instant while it starts: then a child is left that waits for ever to be
/// told to begin. A launcher that lives ends that child (``LocalSupervisor``);
/// for one that was killed its engine or the next sweep does.
enum LocalStragglers {
    /// Ends every bwrap that was to run in this scratch directory. Its launcher
    /// must be gone.
    static func end(in scratch: FilePath) {
        // As the launcher says it to bwrap; nobody else does.
        let words = ["--bind", scratch.appending(JobScratch.root).string, "/"]
        for name in (try? Directory.names(in: "/proc")) ?? [] {
            guard let process = pid_t(name),
                let line = try? SmallFile.bytes(of: FilePath("/proc/\(name)/cmdline")),
                !line.isEmpty
            else { continue }
            let arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard let index = arguments.firstIndex(of: words[0]),
                arguments[index...].starts(with: words)
            else { continue }
            kill(process, SIGKILL)
        }
    }
}
