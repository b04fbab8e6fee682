package import Engines
internal import Exec

/// The check for the programs that git-zentoo runs.
package struct ProgramCheck: Sendable {
    /// A program and its use.
    struct Program: Sendable {
        let name: String
        /// Whether every build needs it, or only some functions.
        let level: Finding.Level
        let purpose: String
        /// The packages that provide it, in Gentoo and in Debian.
        let packages: (String, String)
    }

    private let privileges: Privileges
    private let searchPath: SearchPath

    /// - Parameters:
    ///   - privileges: those of the process; an unprivileged user needs more
    ///     programs.
    ///   - searchPath: the directories to search, as in PATH; by default those
    ///     from which programs are run.
    package init(privileges: Privileges, searchPath: String? = nil) {
        self.privileges = privileges
        self.searchPath = SearchPath(
            searchPath ?? Invocation.basicEnvironment["PATH"] ?? "")
    }

    private static let always: [Program] = [
        Program(
            name: "bwrap", level: .fail, purpose: "confine builds",
            packages: ("sys-apps/bubblewrap", "bubblewrap")),
        Program(
            name: "tar", level: .fail, purpose: "unpack stages",
            packages: ("app-arch/tar", "tar")),
        Program(
            name: "zstd", level: .fail, purpose: "compress logs and unpack stages",
            packages: ("app-arch/zstd", "zstd")),
        Program(
            name: "sha256sum", level: .fail, purpose: "hash packages",
            packages: ("sys-apps/coreutils", "coreutils")),
        Program(
            name: "xz", level: .warn, purpose: "unpack stages of Gentoo's mirrors",
            packages: ("app-arch/xz-utils", "xz-utils")),
        Program(
            name: "curl", level: .warn, purpose: "fetch stages",
            packages: ("net-misc/curl", "curl")),
        Program(
            name: "gpgv", level: .warn, purpose: "verify stages",
            packages: ("app-crypt/gnupg", "gpgv")),
        Program(
            name: "gpg", level: .warn, purpose: "read keys and sign tags",
            packages: ("app-crypt/gnupg", "gpg")),
    ]

    private static let unprivileged: [Program] = [
        Program(
            name: "newuidmap", level: .fail, purpose: "map the ids of a root",
            packages: ("sys-apps/shadow", "uidmap")),
        Program(
            name: "newgidmap", level: .fail, purpose: "map the ids of a root",
            packages: ("sys-apps/shadow", "uidmap")),
    ]

    /// The programs that only sites with stages from a registry need.
    private static let images: [Program] = [
        Program(
            name: "skopeo", level: .warn, purpose: "fetch stages from registries",
            packages: ("app-containers/skopeo", "skopeo")),
        Program(
            name: "umoci", level: .warn, purpose: "unpack stages from registries",
            packages: ("app-containers/umoci", "umoci")),
    ]

    /// Returns a finding for each missing program, or one that says that none
    /// is missing.
    package func findings() -> [Finding] {
        let needed = Self.always + (privileges == .root ? [] : Self.unprivileged)
        let missing = missing(of: needed)
        return missing.isEmpty
            ? [Finding(.ok, "programs", needed.map(\.name).joined(separator: " "))] : missing
    }

    /// Returns a finding for each missing program that is needed to fetch
    /// images.
    func findingsForImages() -> [Finding] { missing(of: Self.images) }

    private func missing(of needed: [Program]) -> [Finding] {
        needed.filter { searchPath.find($0.name) == nil }.map { program in
            Finding(
                program.level, "programs",
                "'\(program.name)' is missing: it is needed to \(program.purpose)",
                hints: ["emerge \(program.packages.0)", "apt install \(program.packages.1)"])
        }
    }
}
