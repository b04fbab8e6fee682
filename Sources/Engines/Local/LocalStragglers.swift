internal import Glibc
internal import SystemPackage

/// Processes that a killed launcher may leave running.
///
/// bwrap(1) and its command die with its launcher, except for an instant while
/// bwrap starts: then a child is left that waits forever for its start signal.
/// A live launcher ends that child (``LocalSupervisor``); if the launcher was
/// killed, its engine or the next sweep does.
enum LocalStragglers {
    /// Ends every bwrap that was started for this scratch directory. Its
    /// launcher must have ended.
    static func end(in scratch: FilePath) {
        // Only the launcher passes these arguments to bwrap.
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
