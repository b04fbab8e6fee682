@testable import Builds
import Engines
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport

/// A repository with tuple commits and made-up builds of them.
struct RecordFixture {
    let files: TemporaryRepository
    let repository: Repository

    static let tuple = "znver3-base-default-router"

    init(_ files: TemporaryRepository) throws {
        self.files = files
        repository = try files.open()
    }

    static func with<Result>(
        bare: Bool = false, _ body: (RecordFixture) async throws -> Result
    ) async throws -> Result {
        try await TemporaryRepository.with(bare: bare) { try await body(RecordFixture($0)) }
    }

    static func series(
        _ tuple: String = tuple, site: String = "main", root: String? = nil, stage: String? = nil
    ) throws -> BuildSeries {
        let series = BuildSeries(
            site: try ZentooName(site), tuple: tuple, root: try root.map { try ZentooName($0) },
            stage: try stage.map { try ZentooName($0) })
        guard let series else { throw ZentooError(.invalidName, tuple) }
        return series
    }

    /// Creates a commit like the composer: its parents are a portage, a buildhooks
    /// and a site commit.
    func tupleCommit(
        flags: String = "-O2", tuple: String = tuple, site: String = "main"
    ) throws -> ObjectID {
        var parents: [ObjectID] = []
        for branch in ["portage/base", "buildhooks/default", site] {
            let name = try RefName.branch(branch)
            let commit =
                try repository.resolve(name)
                ?? files.commit(files: ["file": branch], on: branch)
            parents.append(commit)
        }
        let contents = [
            "tuple": tuple, "etc/portage/make.conf/50-make.conf": "CFLAGS=\"\(flags)\"\n",
        ]
        let changes = try contents.sorted { $0.key < $1.key }.map {
            TreeChange.put(TreePath($0.key), .file, try repository.writeBlob($0.value.utf8))
        }
        return try repository.createCommit(
            tree: try repository.editTree(base: nil, changes), parents: parents,
            author: TemporaryRepository.signature, message: tuple)
    }

    static func digest(_ seed: UInt64) -> SHA256Digest {
        var generator = SplitMix(state: seed)
        let text = (0..<4).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        return SHA256Digest(text) ?? digest(seed + 1)
    }

    static func package(
        _ text: String, number: Int = 1, seed: UInt64? = nil, use: [String] = ["nls", "acl"],
        slot: String = "0/0", disposition: RecordedPackage.Disposition = .made
    ) throws -> RecordedPackage {
        guard let cpv = CPV(text),
            let path = PoolPath(
                chost: "x86_64-pc-linux-gnu", flavour: "f1", cpv: cpv, number: number)
        else { throw ZentooError(.invalidName, text) }
        let seed = seed ?? text.utf8.reduce(UInt64(number)) { $0 &* 31 &+ UInt64($1) }
        return RecordedPackage(
            cpv: cpv, buildNumber: number, slot: slot, use: use, size: 1000,
            sha256: digest(seed), path: path, repository: "gentoo", ebuildDigest: digest(7),
            disposition: disposition)
    }

    func build(
        at seconds: Int64 = 1_795_472_310, series: BuildSeries? = nil, commit: ObjectID? = nil,
        status: BuildResult.Status = .success, packages: [RecordedPackage]? = nil
    ) throws -> FinishedBuild {
        let commit = try commit ?? tupleCommit()
        let series = try series ?? Self.series()
        let makesStage = series.stage != nil && status == .success
        return FinishedBuild(
            result: BuildResult(
                build: .make(now: Timestamp(seconds: seconds)), status: status,
                series: series, commit: commit,
                tree: try repository.tree(ofCommit: commit), flavour: "f1",
                chost: "x86_64-pc-linux-gnu", stage: Self.digest(1),
                archive: makesStage
                    ? .init(sha256: Self.digest(UInt64(seconds)), size: 5000) : nil,
                engine: "local", duration: 60,
                failure: status == .failure
                    ? .init(phase: "merge", package: "sys-apps/sed-4.9", log: "x.log") : nil,
                unsandboxed: ["network-sandbox"], emulator: "qemu-riscv64",
                distribution: .init(compilers: 3, compiled: 70, missed: 2),
                tagger: TemporaryRepository.signature.at(seconds: seconds + 60)),
            packages: try packages ?? [
                Self.package("sys-apps/sed-4.9"),
                Self.package("dev-lang/python-3.12.3", slot: "3.12/3.12", disposition: .reused),
            ])
    }

    /// Creates a program that reads all its input, so that its caller does not get
    /// a broken pipe, and then runs `text`.
    func script(_ text: String) throws -> FilePath {
        let path = files.root.appending("script")
        let file = try FileDescriptor.open(
            path, .writeOnly, options: .create,
            permissions: [.ownerReadWrite, .ownerExecute])
        try file.closeAfter {
            _ = try file.writeAll(Array("#!/bin/sh\ncat >/dev/null\n\(text)\n".utf8))
        }
        return path
    }

    func tagNames() throws -> [String] {
        try repository.references(under: "refs/tags/").compactMap(\.name.tagName)
    }

    /// A machine that uses the repository and a state directory next to it.
    var machine: Machine {
        Machine(
            repository: files.gitDirectory,
            state: StateDirectory(path: files.root.appending("state")), engine: FakeEngine(),
            privileges: .ofTests, remote: nil, identity: TemporaryRepository.signature,
            signer: nil, git: files.git, sources: [:], parallelism: 1)
    }

    func buildingNames() throws -> [RefName] {
        try repository.references(under: "refs/zentoo/building").map(\.name)
    }
}
