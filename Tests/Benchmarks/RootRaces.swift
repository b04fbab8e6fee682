import Exec
import Files
import SystemPackage

/// A clean root to work in, compared with Docker and with unpacking a stage.
struct RootRaces {
    let site: PortageSite
    /// Nil if Docker is not available.
    let docker: DockerDaemon?
    private var world: World { site.world }

    /// Creates a root and runs `true` in it.
    ///
    /// - Parameter files: how many files more than the stage the root has.
    func enter(files: Int) async throws -> Race {
        let options = files == 0 ? "" : " --stage \(try await grow(by: files))"
        let script = """
            \(world.zentoo) new-root --quiet bench \(PortageSite.compiled)\(options) &&
            \(world.zentoo) enter --quiet bench -- true
            """
        var contenders = [
            Race.Contender(
                name: "git zentoo new-root, enter -- true",
                program: world.program(["sh", "-c", script], in: site.site),
                prepare: removeRoot)
        ]
        if files == 0 { contenders += try await others() }
        return Race(
            title: files == 0
                ? "roots: a clean one, and a command in it"
                : "roots: the same over a stage with \(files) files more",
            goal: files > 0 ? nil : docker == nil ? .faster([100]) : .faster([5, 100]),
            contenders: contenders)
    }

    private func others() async throws -> [Race.Contender] {
        let target = world.directory.appending("untarred")
        let untar = Race.Contender(
            name: "tar -x of the stage",
            program: world.program(
                ["tar", "-C", target.string, "--numeric-owner", "-xf", site.stage.string],
                in: world.directory),
            prepare: {
                try await world.run("rm", "-rf", target.string)
                try Directory.create(target)
            })
        guard let docker else { return [untar] }
        try await docker.importImage(site.stage, as: "stage")
        return [
            Race.Contender(
                name: "docker run --rm ... true",
                program: docker.program("run", "--rm", "--network", "none", "stage", "true")),
            untar,
        ]
    }

    private func removeRoot() async throws {
        try await world.run(
            "sh", "-c", "\(world.zentoo) root remove --force bench 2>&1 || true", in: site.site)
    }

    /// Adds a stage with more files to the site.
    private func grow(by files: Int) async throws -> String {
        let grown = world.directory.appending("grown")
        let script = """
            set -e
            cp -a --reflink=auto \(site.pristine) \(grown)
            mkdir \(grown)/usr/share/grown
            cd \(grown)/usr/share/grown
            seq \(files) | split --lines 1 --suffix-length 6
            cd \(site.site)
            \(world.zentoo) stage add grown \(grown)
            echo '*-*-*-* stage=demo' >>config/tuples
            git commit --quiet --all -m 'two stages'
            """
        try await world.run("sh", "-c", script)
        return "grown"
    }
}
