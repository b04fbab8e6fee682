internal import Glibc
internal import SystemPackage

/// The program in a container that runs a job's steps: `runner.sh`, executed by
/// the stage's own shell.
enum ContainerRunner {
    /// The environment variable that holds the program's text.
    static let variable = "ZENTOO_RUNNER"

    static var text: String { String(decoding: PackageResources.runner_sh, as: UTF8.self) }

    /// Returns the command of a container.
    static func command(_ arguments: [String]) -> [String] {
        ["sh", "-c", "eval \"$\(variable)\"", "zentoo"] + arguments
    }

    /// `uid:gid` of the owner of files that a job writes; nil for root, who
    /// owns them anyway.
    static var owner: String? { geteuid() == 0 ? nil : "\(geteuid()):\(getegid())" }

    /// Returns a word that no process in a step can guess.
    static func makeMark() -> String {
        let digits = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }
        return "zentoo-\(digits.joined())"
    }
}
