@testable import Builds
import Engines
import Exec
import Files
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// A repository with records and a pool whose files are not real packages.
struct PoolFixture {
    let records: RecordFixture
    let state: StateDirectory
    let machine: Machine

    /// `x86_64-pc-linux-gnu/<id>`.
    let flavour: Flavour

    static func with(_ body: (PoolFixture) async throws -> Void) async throws {
        try await RecordFixture.with { try await body(PoolFixture($0)) }
    }

    private init(_ records: RecordFixture) throws {
        self.records = records
        state = StateDirectory(path: records.files.root.appending("state"))
        machine = Machine(
            repository: records.files.gitDirectory, state: state, engine: FakeEngine(),
            privileges: .ofTests, remote: nil, identity: TemporaryRepository.signature,
            signer: nil, git: records.files.git, sources: [:], parallelism: 1)
        flavour = try Flavour(
            reading: Array(
                "chost\tx86_64-pc-linux-gnu\ndigest\t\(RecordFixture.digest(5))\n".utf8))
    }

    var directory: FilePath { state.packages(of: flavour) }

    /// Writes a file into the pool.
    ///
    /// - Returns: the package as a record names it.
    @discardableResult
    func put(
        _ text: String, _ name: String, number: Int = 1,
        disposition: RecordedPackage.Disposition = .made, in place: FilePath? = nil
    ) async throws -> RecordedPackage {
        let cpv = try #require(CPV(name))
        let path = try #require(
            PoolPath(chost: flavour.chost, flavour: flavour.id, cpv: cpv, number: number))
        let file = (place ?? directory).appending(path.pathInFlavour)
        try Directory.create(file.removingLastComponent())
        try FileContent.write(Array(text.utf8), to: file)
        return RecordedPackage(
            cpv: cpv, buildNumber: number, slot: "0", use: [], size: Int64(text.utf8.count),
            sha256: try await FileDigests().digest(of: file), path: path, repository: "gentoo",
            disposition: disposition)
    }

    /// Creates the PKGDIR of a job that compiles some versions and reuses some
    /// packages of the pool.
    func job(
        compiling versions: [String], reusing reused: [RecordedPackage] = [],
        taken: Set<String> = []
    ) async throws -> JobPackages {
        let plan = MergePlan(
            versions.map { "[ebuild  N     ] \($0)::gentoo  0 KiB" }
                + reused.map { "[binary  N     ] \($0.cpv)-\($0.buildNumber)::gentoo  0 KiB" })
        try Directory.create(directory)
        return try await JobPackages(
            at: state.jobPackages(of: .make()), for: plan, of: flavour, from: directory,
            taken: taken)
    }

    /// Puts a file into the PKGDIR of a job.
    ///
    /// - Returns: as a record names it.
    @discardableResult
    func make(
        _ text: String, _ name: String, number: Int = 1, in job: JobPackages
    ) async throws -> RecordedPackage {
        try await put(text, name, number: number, in: job.directory)
    }

    /// Runs a script with sh(1).
    func run(_ script: String) async throws {
        try await Invocation("sh", ["-e", "-c", script]).run().orThrow()
    }

    /// Replaces the bytes of a file, keeping its size and times.
    func alter(_ package: RecordedPackage, to text: String) async throws {
        let file = state.pool.appending(package.path.description).string
        let script = """
            touch -r "$1" "$1~"; printf %s "$2" >"$1"; touch -r "$1~" "$1"; rm "$1~"
            """
        try await Invocation("sh", ["-c", script, "sh", file, text]).run().orThrow()
    }

    /// Writes `Packages` in Portage's format.
    func index(
        _ packages: [RecordedPackage], in place: FilePath? = nil,
        number: (RecordedPackage) -> Int = \.buildNumber
    ) throws {
        let directory = place ?? self.directory
        var text = "PACKAGES: \(packages.count)\nVERSION: 0\n"
        for package in packages {
            let status = try FileStatus.of(directory.appending(package.path.pathInFlavour))
            text += """

                BUILD_ID: \(number(package))
                CPV: \(package.cpv)
                IUSE: +nls acl
                MTIME: \(status?.modified ?? 0)
                PATH: \(package.path.pathInFlavour)
                REPO: gentoo
                SIZE: \(package.size)
                SLOT: 0/1
                USE: amd64 nls

                """
        }
        try FileContent.write(Array(text.utf8), to: directory.appending("Packages"))
    }

    /// Records a build of packages.
    @discardableResult
    func record(
        _ packages: [RecordedPackage], at seconds: Int64 = 1_000_000,
        status: BuildResult.Status = .success
    ) async throws -> FinishedBuild {
        let build = try records.build(at: seconds, status: status, packages: packages)
        _ = try await Recorder(records.repository).record(build)
        return build
    }
}
