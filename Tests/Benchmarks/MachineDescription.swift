import Exec
import Files
import SystemPackage

/// The machine on which the figures were measured; without it they mean
/// nothing.
enum MachineDescription {
    static func read(_ world: World) async throws -> String {
        func line(of path: FilePath, after key: String) throws -> String {
            let text = String(decoding: try FileContent.read(path) ?? [], as: UTF8.self)
            let found = text.split(separator: "\n").first { $0.hasPrefix(key) } ?? ""
            return String(found.dropFirst(key.count).drop { " \t:".contains($0) })
        }
        let git = try await world.run("git", "--version").text
        let kernel = try await world.run("uname", "-sr").text
        let processors = try await world.run("nproc").text
        let system = try await world.run(
            "findmnt", "-n", "-o", "FSTYPE", "-T", world.directory.string)
        return """
            \(try line(of: "/proc/cpuinfo", after: "model name")), \(processors) processors, \
            \(try line(of: "/proc/meminfo", after: "MemTotal")), \(kernel), \(git), on \(system.text)
            load \(try line(of: "/proc/loadavg", after: "")); milliseconds and megabytes, \
            whole processes in turn

            """
    }
}
