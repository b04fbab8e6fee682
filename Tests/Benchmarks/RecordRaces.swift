import Files
import Git
internal import Records
import Sites
import SystemPackage

/// Writing and querying records of many packages.
struct RecordRaces {
    let world: World
    let network: Network
    let count: Int

    static let packagesOfABuild = 300
    private static let plain = "refs/notes/plain"

    /// Records builds of 300 packages each until there are `count` packages, and
    /// creates as many notes with plain git.
    init(_ count: Int, in world: World) async throws {
        self.world = world
        self.count = count
        // One tuple for every few builds, as on a site whose configuration changes.
        network = try Network(
            "records-\(count)", portages: count > 1000 ? 25 : 5, cpus: count > 1000 ? 20 : 2,
            in: world)
        let tuples = network.tuples
        // A million packages in fewer, larger builds: in small ones they take an hour.
        let size = Swift.max(Self.packagesOfABuild, count / 333)
        try await world.filling(network.repository) { copy, pack in
            let site = try Network.site(in: copy)
            for (build, first) in stride(from: 0, to: count, by: size).enumerated() {
                let packages = try (first..<min(first + size, count)).map {
                    try Network.package($0)
                }
                try await Network.record(tuples[build % tuples.count], of: site, packages)
                if build % 100 == 99 { try await pack() }
            }
        }
        let stream = world.directory.appending("notes-\(count)")
        try FileContent.write(Self.notes(0..<count, after: nil), to: stream)
        try await world.run(
            "sh", "-c", "git fast-import --quiet --force <\(stream) && git gc --quiet --prune=now",
            in: network.repository)
    }

    /// Finds the build that made a file, by its digest.
    func whence() throws -> Race {
        let digest = try Network.package(count / 2).sha256.description
        let path =
            "refs/zentoo/whence:sha256/\(digest.prefix(2))/\(digest.dropFirst(2).prefix(2))"
            + "/\(digest)"
        let place = network.repository
        return Race(
            title: "which build made a package, of \(count) recorded",
            goal: .within(.milliseconds(20)),
            contenders: [
                .init(
                    name: "git zentoo whence",
                    program: world.zentoo("whence", digest, in: place)),
                .init(
                    name: "git cat-file -p (our index, by hand)",
                    program: world.program(["git", "cat-file", "-p", path], in: place)),
                .init(
                    name: "git grep (the notes, no index)",
                    program: world.program(
                        ["git", "grep", "--quiet", "-F", digest, "refs/notes/zentoo"], in: place)),
            ])
    }

    /// Records a build of 300 packages.
    func record() throws -> Race {
        let place = network.repository
        let stream = world.directory.appending("300-notes-\(count)")
        var next = count
        func numbers() -> Range<Int> {
            defer { next += Self.packagesOfABuild }
            return next..<next + Self.packagesOfABuild
        }
        let script = """
            while read -r id; do
                git notes --ref=plain add -f -m "made app-misc/package" "$id"
            done
            """
        return Race(
            title: "recording a build of 300 packages, \(count) recorded before",
            goal: .within(.milliseconds(200)),
            contenders: [
                .init(
                    name: "git-zentoo's recorder",
                    program: world.program(
                        [world.own.string, "record", place.string, network.tuples[0]],
                        in: place)),
                .init(
                    name: "git fast-import of 300 notes",
                    program: world.program(
                        ["git", "fast-import", "--quiet", "--force"], in: place, input: stream),
                    prepare: {
                        try FileContent.write(
                            Self.notes(numbers(), after: Self.plain), to: stream)
                    }),
                .init(
                    name: "git notes add for each",
                    program: world.program(["sh", "-c", script], in: place, input: stream),
                    prepare: {
                        try FileContent.write(
                            numbers().flatMap { Array("\(Self.id($0))\n".utf8) }, to: stream)
                    }),
            ])
    }

    /// Records a build of new packages, as the whole process.
    static func record(in repository: FilePath, tuple: String) async throws {
        let site = try Site(ZentooName("main"), in: Repository.open(repository), remote: nil)
        let first = Int.random(in: 1 << 30..<1 << 40)
        try await Network.record(
            tuple, of: site, try (first..<first + packagesOfABuild).map { try Network.package($0) })
    }

    /// Returns the input of git-fast-import(1): a note for each package's digest,
    /// in the fan-out that git uses for that many.
    private static func notes(_ numbers: Range<Int>, after parent: String?) -> [UInt8] {
        var text = "commit \(plain)\ncommitter A U Thor <author@example.com> 1700000000 +0000\n"
        text += "data 5\nnotes"
        if let parent { text += "\nfrom \(parent)^0" }
        for number in numbers {
            let id = id(number)
            let note = "made app-misc/package-\(number)"
            text +=
                "\nM 100644 inline \(id.prefix(2))/\(id.dropFirst(2).prefix(2))/\(id.dropFirst(4))"
            text += "\ndata \(note.utf8.count)\n\(note)"
        }
        return Array((text + "\n").utf8)
    }

    private static func id(_ number: Int) -> String { String(Network.digest(number).prefix(40)) }
}
