import Exec
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// What the tests of one run share: the unpacked stage, and sites to copy.
///
/// A stage takes ten seconds to unpack and is never written to, so its store
/// outlives the run. Each test has its own copy of everything that it writes.
actor DemoWorkshop {
    /// The instance of this run.
    @TaskLocal static var shared: DemoWorkshop?

    /// The source tree's root.
    static let sources = FilePath("\(#filePath)").removingLastComponent().removingLastComponent()
        .removingLastComponent()
    /// `config/demo`.
    static let demo = sources.appending("config").appending("demo")
    /// The output of `config/demo/prepare`.
    static let prepared = sources.appending(".build").appending("demo")
    static let stage = prepared.appending("stage.tar.zst")
    static let distfiles = prepared.appending("distfiles")

    static let isPrepared =
        access(stage.string, R_OK) == 0 && access(distfiles.string, R_OK) == 0
    static let hasBubblewrap = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"].contains {
        (path: String) in access(path, X_OK) == 0
    }
    static let isRoot = geteuid() == 0

    /// The directory of the programs built together with these tests.
    static let programs = BuiltPrograms.directory

    /// The tuple of ``built()``.
    static let builtTuple = "x86-64-v3-base-default-admin"

    private let directory: FilePath
    private let declared: DemoSite
    private var builtSite: (site: DemoSite, result: CommandResult)?

    static func with(_ body: (DemoWorkshop) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            // The owners in a plain user's stage differ from those in root's.
            let store = prepared.appending("state-\(geteuid())").appending("stages")
            let site = try await DemoSite.create(
                at: directory.appending("declared"), stages: store)
            let workshop = DemoWorkshop(directory: directory, declared: site)
            do {
                try await body(workshop)
            } catch {
                try await workshop.clear()
                throw error
            }
            try await workshop.clear()
        }
    }

    private init(directory: FilePath, declared: DemoSite) {
        self.directory = directory
        self.declared = declared
    }

    private func clear() async throws {
        guard let user = PlainUser.name else { return }
        try await DemoSite.run("rm", "-rf", "\(directory)-\(user)")
    }

    /// Runs `body` with a copy of a site where nothing has been built.
    static func withSite(_ body: (DemoSite) async throws -> Void) async throws {
        let workshop = try #require(shared)
        try await TemporaryDirectory.with { directory in
            try await body(
                try await workshop.declared.copy(to: directory.appending("site")))
        }
    }

    /// Runs `body` with a copy of a site where ``builtTuple`` has been built once,
    /// and the output of that build.
    static func withBuiltSite(
        _ body: (DemoSite, CommandResult) async throws -> Void
    ) async throws {
        let workshop = try #require(shared)
        let (site, result) = try await workshop.built()
        try await TemporaryDirectory.with { directory in
            try await body(try await site.copy(to: directory.appending("site")), result)
        }
    }

    /// Returns the directory of stages of an unprivileged user, which all tests of
    /// a run share: the owners of files in them differ from those in root's.
    static func stages(of user: String) async throws -> FilePath {
        try await #require(shared).place(of: user).appending("stages")
    }

    private func place(of user: String) async throws -> FilePath {
        // The directory itself is accessible only to root.
        let place = FilePath("\(directory)-\(user)")
        if try FileStatus.of(place) == nil {
            try Directory.create(place.appending("stages"))
            try await DemoSite.run("chown", "-R", "\(user):", place.string)
        }
        return place
    }

    private func built() async throws -> (site: DemoSite, result: CommandResult) {
        if let builtSite { return builtSite }
        let site = try await declared.copy(to: directory.appending("built"))
        let result = try await site.zentoo("build", Self.builtTuple)
        try #require(result.status == 0, "\(result)")
        builtSite = (site, result)
        return (site, result)
    }
}
