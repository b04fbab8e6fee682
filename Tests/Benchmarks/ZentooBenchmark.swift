import ArgumentParser
import Exec
import Files
import Git
import SystemPackage

/// Measures git-zentoo and other programs that do the same work.
///
///     swift build -c release && .build/release/zentoo-benchmark
///
/// It asserts nothing about time; it fails only if a program does not run.
@main struct ZentooBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zentoo-benchmark",
        abstract: "Measure git-zentoo beside what else does the same work",
        subcommands: [Races.self, Record.self, Open.self, OneJob.self],
        defaultSubcommand: Races.self)
}

/// Runs all races, one after the other.
struct Races: AsyncParsableCommand {
    @Flag(help: "Small sizes and few rounds: to see that everything runs")
    var short = false

    @Flag(help: "A million packages, too; takes long to prepare")
    var large = false

    @Option(help: "How often each program is run")
    var rounds: Int?

    @Option(help: "Only the races whose titles contain this")
    var only: String?

    func run() async throws {
        let own = try OwnProcess.executable
        let zentoo = own.removingLastComponent().appending("git-zentoo")
        guard try FileStatus.of(zentoo) != nil else {
            throw Failure(description: "'\(zentoo)' is not there; run 'swift build' first")
        }
        let directory = FilePath("/tmp/zentoo-benchmark.\(OwnProcess.number)")
        try Directory.create(directory.appending("empty"))
        let world = World(
            directory: directory, zentoo: zentoo, own: own, source: OwnProcess.directory)
        do {
            try await races(in: world)
        } catch {
            try await world.run("rm", "-rf", directory.string, in: "/")
            throw error
        }
        try await world.run("rm", "-rf", directory.string, in: "/")
    }

    private func races(in world: World) async throws {
        try say(await MachineDescription.read(world))
        let site = try await SiteRaces(
            portages: short ? 5 : 25, cpus: short ? 2 : 20, in: world)
        if wants("starting") {
            let start = StartRaces(world: world, repository: site.network.repository)
            try await run(start.start())
            try await run(start.open())
            try await run(start.libraries())
        }
        try await run(site.composeCold())
        try await run(site.composeWarm())
        if wants("up to date") {
            try await run(try await site.upToDate())
            try await run(site.oneUpToDate())
        }
        if wants("Portage") || wants("roots") || wants("engines") { try await portage(in: world) }
        if wants("history") {
            let history = try await HistoryRaces(short ? 100 : 10_000, in: world)
            try await run(history.whence())
            try await run(history.whenceOfOne())
            try await run(history.status())
        }
        for count in short ? [1_000] : large ? [1_000, 100_000, 1_000_000] : [1_000, 100_000] {
            guard wants("package") || wants("\(count) recorded") else { continue }
            let records = try await RecordRaces(count, in: world)
            try await run(records.whence())
            try await run(records.record())
        }
    }

    private func portage(in world: World) async throws {
        guard let site = try await PortageSite(smallPackages: short ? 3 : 100, in: world) else {
            try say("no races with Portage: they want root, bubblewrap and config/demo/prepare\n")
            return
        }
        let races = PortageRaces(site: site)
        // Each race creates what the next one needs.
        if wants("Portage") {
            try await run(races.cold(), atMost: short ? 0 : 3)
            try await run(races.upToDate())
            for race in try await races.assemble() {
                try await run(race, atMost: short ? 0 : 3)
            }
            try await run(races.changed(), atMost: short ? 0 : 3)
        }
        if wants("roots") { try await roots(site) }
        if wants("engines") { try await engines(site) }
    }

    private func engines(_ site: PortageSite) async throws {
        let races = EngineRaces(site: site)
        if let docker = try await DockerDaemon(in: site.world) {
            do {
                try await run(races.docker(docker))
            } catch {
                try? await docker.stop()
                throw error
            }
            try await docker.stop()
        }
        guard let swarm = try await BenchmarkSwarm(in: site.world) else {
            return try say("no races on a swarm: it wants dockerd, docker-registry and iproute2\n")
        }
        do {
            try await run(races.swarm(swarm))
            try await run(races.workers(swarm, isShort: short), atMost: short ? 0 : 3)
        } catch {
            try? await swarm.stop()
            throw error
        }
        try await swarm.stop()
    }

    private func roots(_ site: PortageSite) async throws {
        let docker = try await DockerDaemon(in: site.world)
        if docker == nil { try say("no race with Docker: there is none that runs here\n") }
        do {
            let races = RootRaces(site: site, docker: docker)
            try await run(races.enter(files: 0))
            try await run(races.enter(files: short ? 100 : 100_000))
        } catch {
            try? await docker?.stop()
            throw error
        }
        try await docker?.stop()
    }

    private func run(_ race: Race, atMost most: Int = .max) async throws {
        guard wants(race.title) else { return }
        var race = race
        // A thousandth of the work within the time for all of it shows nothing.
        if short { race.goal = nil }
        try say(
            await race.run(
                rounds: min(most, rounds ?? (short ? 1 : 7)),
                measuresMemory: !short || race.warmsUp && most > 0))
    }

    /// Writes without buffering, also to a pipe: a race can take minutes.
    private func say(_ text: some CustomStringConvertible) throws {
        try FileDescriptor.standardOutput.writeAll("\(text)\n".utf8)
    }

    private func wants(_ title: String) -> Bool {
        guard let only else { return true }
        return title.contains(only) || only.contains(title)
    }
}

/// Records one build, as a separate process: git-zentoo records only at the end
/// of long commands.
struct Record: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Record a build of 300 packages that never were", shouldDisplay: false)

    @Argument var repository: String
    @Argument var tuple: String

    func run() async throws {
        try await RecordRaces.record(in: FilePath(repository), tuple: tuple)
    }
}

/// Opens a repository and does nothing else.
struct Open: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open a repository, if one is named, and end", shouldDisplay: false)

    @Argument var repository: String?

    func run() throws {
        if let repository { _ = try Repository.open(FilePath(repository)) }
    }
}
