internal import Builds
internal import Engines
internal import Sites
internal import SystemPackage

/// One shell of a ``ShellFile``.
struct ShellService: Hashable {
    /// A mount of a named volume.
    struct Mount: Hashable {
        let volume: String
        /// The directory on the machine, with variables in compose syntax.
        let device: String
        let target: String
        let isReadOnly: Bool
    }

    let image: String
    let mounts: [Mount]

    /// - Parameters:
    ///   - flavour: the flavour's path below the pool; nil to mount the whole
    ///     pool.
    ///   - folder: the default state directory of a machine.
    init(
        stage: SHA256Digest, flavour: String?, repositories: [ComposedRepository],
        folder: FilePath
    ) {
        image = ContainerShell.image(of: stage.description)
        let pool = "${ZENTOO_POOL:-\(folder)/pool}"
        mounts =
            [
                Mount(
                    volume: Self.key("binpkgs" + (flavour.map { "-\($0)" } ?? "")),
                    device: pool + (flavour.map { "/\($0)" } ?? ""),
                    target: "/var/cache/binpkgs", isReadOnly: true),
                Mount(
                    volume: "distfiles", device: "${ZENTOO_DISTFILES:-\(folder)/distfiles}",
                    target: "/var/cache/distfiles", isReadOnly: false),
            ]
            + repositories.sorted { $0.name < $1.name }.map { repository in
                let path = StateDirectory(path: "/").repository(
                    repository.name, at: repository.revision)
                let revision = "\(repository.revision)".split(separator: ":").last ?? ""
                return Mount(
                    volume: Self.key("repo-\(repository.name)-\(revision.prefix(12))"),
                    device: "${ZENTOO_STATE:-\(folder)}\(path)", target: repository.location,
                    isReadOnly: true)
            }
    }

    /// Converts a name to one that docker compose accepts. Different names stay
    /// different, because names have no upper case letters.
    static func key(_ name: String) -> String {
        name.replacing("+", with: "Plus").replacing("/", with: "-")
    }
}
