internal import Glibc
internal import SystemPackage

/// The program in a container that does a job's steps: `runner.sh`, run by the
/// stage's own shell.
enum ContainerRunner {
    /// The environment variable that holds its text.
    static let variable = "ZENTOO_RUNNER"

    static var text: String { String(decoding: PackageResources.runner_sh, as: UTF8.self) }

    /// The command of a container.
    static func command(_ arguments: [String]) -> [String] {
        ["sh", "-c", "eval \"$\(variable)\"", "zentoo"] + arguments
    }

    /// `uid:gid` of who is to have what a job writes; nil for root, whose it is.
    static var owner: String? { geteuid() == 0 ? nil : "\(geteuid()):\(getegid())" }

    /// A word that nobody in a step can guess.
    static func makeMark() -> String {
        let digits = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }
        return "zentoo-\(digits.joined())"
    }
}
