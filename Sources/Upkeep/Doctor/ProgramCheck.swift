package import Engines
internal import Exec

/// Whether the programs are there that git-zentoo runs.
package struct ProgramCheck: Sendable {
    /// A program, and who misses it.
    struct Program: Sendable {
        let name: String
        /// In the way of every build, or only of something.
        let level: Finding.Level
        let purpose: String
        /// The packages that have it: of Gentoo, then of Debian.
        let packages: (String, String)
    }

    private let privileges: Privileges
    private let searchPath: SearchPath

    /// - Parameters:
    ///   - privileges: a plain user needs more programs.
    ///   - searchPath: where to look, as in PATH; by default where programs
    ///     are run from.
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

    /// What only sites need that take stages from a registry.
    private static let images: [Program] = [
        Program(
            name: "skopeo", level: .warn, purpose: "fetch stages from registries",
            packages: ("app-containers/skopeo", "skopeo")),
        Program(
            name: "umoci", level: .warn, purpose: "unpack stages from registries",
            packages: ("app-containers/umoci", "umoci")),
    ]

    /// A finding for each program that is missing, or one that none is.
    package func findings() -> [Finding] {
        let needed = Self.always + (privileges == .root ? [] : Self.unprivileged)
        let missing = missing(of: needed)
        return missing.isEmpty
            ? [Finding(.ok, "programs", needed.map(\.name).joined(separator: " "))] : missing
    }

    /// A finding for each missing program of those that fetch images.
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
