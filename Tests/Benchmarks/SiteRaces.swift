import Exec
import Files
import Git
import Records
import Sites
import SystemPackage

/// Operations on a site with many tuples that build nothing.
struct SiteRaces {
    let world: World
    let network: Network
    /// The repository before anything was composed in it.
    private let untouched: FilePath

    init(portages: Int, cpus: Int, in world: World) async throws {
        self.world = world
        network = try Network("tuples", portages: portages, cpus: cpus, in: world)
        untouched = world.directory.appending("untouched.git")
        try await world.run("git", "gc", "--quiet", in: network.repository)
        try await world.run("cp", "-a", network.repository.string, untouched.string)
    }

    private var count: Int { network.tuples.count }

    /// Composes every tuple, with none composed before.
    func composeCold() throws -> Race {
        let copy = world.directory.appending("cold.git")
        let restore = {
            try await world.run("rm", "-rf", copy.string)
            try await world.run("cp", "-a", untouched.string, copy.string)
            return ()
        }
        // The minimum of git commands: three trees and a commit for each.
        let script = """
            set -e
            parents=$(for ref in main buildhooks/plain portage/site0; do
                echo "-p $(git rev-parse $ref)"; done)
            blob=$(git rev-parse main:config/cpu/cpu0)
            count=0
            while [ $count -lt \(count) ]; do
                conf=$(printf '100644 blob %s\\t10-%s\\n' $blob $count | git mktree)
                portage=$({ git ls-tree portage/site0; printf '040000 tree %s\\tconf\\n' $conf; } |
                    git mktree)
                root=$(printf '040000 tree %s\\tportage\\n' $portage | git mktree)
                git commit-tree $root $parents -m "tuple $count"
                count=$((count + 1))
            done
            """
        return Race(
            title: "composing \(count) tuples, none composed before", goal: .within(.seconds(2)),
            contenders: [
                .init(
                    name: "git zentoo status", program: world.zentoo("status", in: copy),
                    prepare: restore),
                .init(
                    name: "git mktree, git commit-tree",
                    program: world.program(["sh", "-c", script], in: copy), prepare: restore),
            ])
    }

    /// Composes them again.
    func composeWarm() -> Race {
        Race(
            title: "composing \(count) tuples again", goal: .within(.milliseconds(200)),
            contenders: [
                .init(
                    name: "git zentoo status",
                    program: world.zentoo("status", in: network.repository))
            ])
    }

    /// Finds that nothing is to be built.
    func upToDate() async throws -> Race {
        let state = world.directory.appending("state")
        let pool = state.appending("pool")
        // Their bytes are verified against the records.
        var made: [RecordedPackage] = []
        var reused: [RecordedPackage] = []
        for number in 0..<20 {
            let path = pool.appending(try Network.package(number).path.description)
            try Directory.create(path.removingLastComponent())
            try FileContent.write([UInt8(number)], to: path)
            let digest = SHA256Digest(
                String(try await world.run("sha256sum", path.string).text.prefix(64)))
            made.append(try Network.package(number, size: 1, sha256: digest))
            reused.append(try Network.package(number, size: 1, sha256: digest, .reused))
        }
        try await world.filling(network.repository) { copy, pack in
            let site = try Network.site(in: copy)
            for (number, tuple) in network.tuples.enumerated() {
                try await Network.record(tuple, of: site, number == 0 ? made : reused)
                if number % 200 == 199 { try await pack() }
            }
        }
        try await world.run(
            "git", "config", "zentoo.state", state.string, in: network.repository)
        return Race(
            title: "finding that \(count) tuples are up to date", goal: .within(.seconds(1)),
            contenders: [
                .init(
                    name: "git zentoo build --all",
                    program: world.zentoo("build", "--all", in: network.repository))
            ])
    }

    /// The same for one tuple.
    func oneUpToDate() -> Race {
        Race(
            title: "finding that one tuple of \(count) is up to date",
            goal: .within(.milliseconds(30)),
            contenders: [
                .init(
                    name: "git zentoo build TUPLE",
                    program: world.zentoo("build", network.tuples[0], in: network.repository)),
                .init(
                    name: "git status (of an empty directory)",
                    program: world.program(
                        [
                            "git", "--work-tree=\(world.directory.appending("empty"))", "status",
                        ], in: network.repository)),
            ])
    }
}
