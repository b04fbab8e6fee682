package import Builds
internal import Edits
internal import Engines
internal import Git
package import Records
package import Sites
internal import SystemPackage

/// The file `config/compose.yaml`: a shell for each stage and each tuple of a
/// site, which docker compose can start without git-zentoo.
///
/// The content depends only on the site and, for the binary packages of a
/// tuple, on the flavour of its newest successful build, so machines with the
/// same records write the same file. Machine-specific paths are variables.
package struct ShellFile: Sendable, Hashable {
    /// The path on a site's branch.
    package static let path = "config/compose.yaml"

    /// The content.
    package let text: String
    /// Whether the site has such a file.
    package let isPresent: Bool
    /// Whether the site's file has exactly this content.
    package let isCurrent: Bool
    private let folder: FilePath

    /// Generates the file of a site.
    ///
    /// - Throws: `GitError`.
    package init(_ site: Site, _ results: ResultReader) throws {
        folder = FilePath("/var/lib/zentoo").appending(site.name.text)
        var services: [String: ShellService] = [:]
        let ofSite = site.lock.repositories.map { name, pin in
            ComposedRepository(
                name: name, revision: pin.revision, location: "/var/db/repos/\(name)")
        }
        for (name, pin) in site.lock.stages {
            services[name.text] = ShellService(
                stage: pin.digest, flavour: nil, repositories: ofSite, folder: folder)
        }
        for tuple in site.declaredTuples {
            let inputs = try TupleInputs(tuple, of: site)
            guard let stage = inputs.stage else { continue }
            let newest = try results.latest(of: BuildSeries(site: site.name, tuple: tuple))?.result
            services[tuple.text] = ShellService(
                stage: stage.digest, flavour: newest.map { "\($0.chost)/\($0.flavour)" },
                repositories: inputs.repositories, folder: folder)
        }
        text = Self.text(of: services, site: site.name)
        let present = try site.repository.blob(in: site.tree, TreePath(Self.path))
        isPresent = present != nil
        isCurrent = present == Array(text.utf8)
    }

    /// Returns the variables that a machine with this state directory has to
    /// set, as `NAME=VALUE`.
    package func settings(of state: StateDirectory) -> [String] {
        [
            ("ZENTOO_STATE", folder, state.path),
            ("ZENTOO_POOL", folder.appending("pool"), state.pool),
            ("ZENTOO_DISTFILES", folder.appending("distfiles"), state.distfiles),
        ].filter { $0.1 != $0.2 }.map { "\($0.0)=\($0.2)" }
    }

    private static let heading = """
        # Made by 'git zentoo engine compose --write': a shell for each stage and tuple.
        #
        #     docker compose -f config/compose.yaml run --rm shell-NAME
        #
        # The first job of a stage on engine 'docker' makes its image. A machine that has
        # its state elsewhere sets ZENTOO_STATE, ZENTOO_POOL and ZENTOO_DISTFILES, and
        # ZENTOO_NETWORK where 'bridge' is not the network to use.
        x-shell: &shell
          command: ["bash", "-l"]
          init: true
          stdin_open: true
          tty: true
          hostname: zentoo
          network_mode: "${ZENTOO_NETWORK:-bridge}"
          cap_drop: ["ALL"]
          cap_add: [\(quoted(ContainerShell.capabilities))]
          security_opt: [\(quoted(ContainerShell.securityOptions))]

        """

    private static func quoted(_ words: [String]) -> String {
        words.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    private static func text(of services: [String: ShellService], site: ZentooName) -> String {
        var text = heading + "services:" + (services.isEmpty ? " {}\n" : "\n")
        var volumes: [String: String] = [:]
        for (name, service) in services.sorted(by: { $0.key < $1.key }) {
            text += """
                  shell-\(ShellService.key(name)):
                    <<: *shell
                    image: "\(service.image)"
                    volumes:

                """
            for mount in service.mounts {
                text += """
                          - type: volume
                            source: "\(mount.volume)"
                            target: "\(mount.target)"
                            read_only: \(mount.isReadOnly)

                    """
                volumes[mount.volume] = mount.device
            }
        }
        text += "volumes:" + (volumes.isEmpty ? " {}\n" : "\n")
        for (name, device) in volumes.sorted(by: { $0.key < $1.key }) {
            text += """
                  \(name):
                    name: "zentoo-\(ShellService.key(site.text))-\(name)"
                    driver: local
                    driver_opts:
                      type: none
                      o: bind
                      device: "\(device)"

                """
        }
        return text
    }
}

extension SiteEditor {
    /// Commits the file to the site's branch.
    ///
    /// - Returns: whether the file on the branch was changed.
    /// - Throws: ``ZentooError`` when it has uncommitted changes.
    package func write(_ file: ShellFile) async throws -> Bool {
        try await editor.commit(
            [.write(TreePath(ShellFile.path), Array(file.text.utf8))], to: site.name.text,
            message: "zentoo: shells for docker compose") != nil
    }
}
