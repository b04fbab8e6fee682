import Files
import Git
import Records
import Sites
import SystemPackage

/// A tuple that was built many times and made the same package each time: the
/// cost of a query must not grow with records that it does not concern.
struct HistoryRaces {
    let world: World
    let network: Network
    let count: Int

    private var tuple: String { network.tuples[0] }
    private static let name = "app-misc/often"

    /// Records `count` builds, each of another commit.
    init(_ count: Int, in world: World) async throws {
        self.world = world
        self.count = count
        network = try Network("history-\(count)", portages: 1, cpus: 1, in: world)
        let tuple = network.tuples[0]
        try await world.filling(network.repository) { copy, pack in
            for build in 0..<count {
                try Self.change(build, in: Repository.open(copy))
                try await Network.record(
                    tuple, of: Network.site(in: copy), [try Self.package(build)])
                if build % 500 == 499 { try await pack() }
            }
        }
    }

    /// Commits a change to the portage branch.
    private static func change(_ build: Int, in repository: Repository) throws {
        let branch = try RefName.branch("portage/site0")
        guard let parent = try repository.resolve(branch) else { return }
        let use = try repository.writeBlob("\(name) flag\(build)\n".utf8)
        let commit = try repository.createCommit(
            tree: repository.editTree(
                base: repository.tree(ofCommit: parent), [.put("package.use/often", .file, use)]),
            parents: [parent], author: World.somebody, message: "flag \(build)")
        try repository.set(branch, to: commit, expecting: .value(parent))
    }

    /// Returns the package of a build: a hundred versions, each rebuilt many times.
    private static func package(_ build: Int) throws -> RecordedPackage {
        let text = "\(name)-\(build % 100).0"
        let number = build / 100 + 1
        guard let cpv = CPV(text), let digest = SHA256Digest(Network.digest(build)),
            let path = PoolPath(
                chost: Network.chost, flavour: Network.flavour, cpv: cpv, number: number)
        else { throw Failure(description: "'\(text)' is no package") }
        return RecordedPackage(
            cpv: cpv, buildNumber: number, slot: "0", use: ["flag\(build)"], size: 1,
            sha256: digest, path: path, repository: "gentoo", disposition: .made, duration: 10)
    }

    /// Finds every build that made a package of this name.
    func whence() -> Race {
        let place = network.repository
        let index = "refs/zentoo/whence:cpv/\(Self.name)"
        let script = """
            git ls-tree -r '\(index)' | sed 's/.* \\([0-9a-f]*\\)\\t.*/\\1/' | git cat-file --batch
            """
        return Race(
            title: "history: which builds made a package, \(count) of them",
            goal: .within(.milliseconds(300)),
            contenders: [
                .init(
                    name: "git zentoo whence NAME",
                    program: world.zentoo("whence", Self.name, in: place)),
                .init(
                    name: "git cat-file --batch (our index, by hand)",
                    program: world.program(["sh", "-c", script], in: place)),
                .init(
                    name: "git grep (the notes, no index)",
                    program: world.program(
                        ["git", "grep", "-h", "-F", "cpv=\(Self.name)-", "refs/notes/zentoo"],
                        in: place)),
            ])
    }

    /// Finds the build that made one file, in the middle of the history.
    func whenceOfOne() throws -> Race {
        let digest = try Self.package(count / 2).sha256.description
        return Race(
            title: "history: which of \(count) builds made a file",
            goal: .within(.milliseconds(20)),
            contenders: [
                .init(
                    name: "git zentoo whence DIGEST",
                    program: world.zentoo("whence", digest, in: network.repository)),
                .init(
                    name: "git grep (the notes, no index)",
                    program: world.program(
                        ["git", "grep", "-h", "-F", digest, "refs/notes/zentoo"],
                        in: network.repository)),
            ])
    }

    /// Shows the status of the tuple.
    func status() -> Race {
        Race(
            title: "history: how a tuple of \(count) builds stands",
            goal: .within(.milliseconds(300)),
            contenders: [
                .init(
                    name: "git zentoo",
                    program: world.zentoo("status", in: network.repository)),
                .init(
                    name: "git for-each-ref --count=1 (its newest tag)",
                    program: world.program(
                        [
                            "git", "for-each-ref", "--count=1", "--sort=-version:refname",
                            "refs/tags/zentoo/main/\(tuple)/",
                        ], in: network.repository)),
            ])
    }
}
