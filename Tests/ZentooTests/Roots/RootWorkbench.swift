@testable import Builds
import Engines
import Files
import Git
@testable import Roots
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// A small site on a machine that runs nothing, for tests that create roots.
struct RootWorkbench {
    let site: Site
    let repository: TemporaryRepository
    let machine: Machine

    static let tuple = "a-base-default-web"

    static func with(_ body: (RootWorkbench) async throws -> Void) async throws {
        try await SiteFixture().withSite { site, repository in
            try await body(
                RootWorkbench(
                    site: site, repository: repository, machine: machine(of: repository)))
        }
    }

    static func machine(
        of repository: TemporaryRepository, state: FilePath? = nil
    ) -> Machine {
        Machine(
            repository: repository.gitDirectory,
            state: StateDirectory(path: state ?? repository.root.appending("state")),
            engine: FakeEngine(), privileges: .ofTests, remote: nil,
            identity: TemporaryRepository.signature, signer: nil, git: repository.git,
            sources: [:], parallelism: 1)
    }

    /// Creates a root.
    @discardableResult
    func make(_ name: String, stage: String? = nil) async throws -> NewRoot {
        try await RootMaker(machine: machine, site: site)
            .make(ZentooName(name), of: Self.tuple, stage: stage)
    }

    /// Returns the place of a root.
    func place(_ name: String) throws -> RootPlace {
        RootPlace(try ZentooName(name), in: machine.state)
    }

    /// Returns the state of the root as it is now.
    func state(_ name: String) throws -> RootState {
        try RootSurvey(repository.open(), state: machine.state).state(of: ZentooName(name))
    }

    /// Repairs the root's working tree.
    func ensure(_ name: String) throws -> RootWorktree.Remedy {
        try RootWorktree(place: place(name), repository: repository.open()).ensure()
    }

    /// Writes a file of a root's working tree.
    func write(_ text: String, to path: String, of name: String) throws {
        let file = try place(name).tree.appending(path)
        try Directory.create(file.removingLastComponent())
        try FileContent.write(Array(text.utf8), to: file)
    }

    /// Commits everything in a root's working tree.
    func commit(_ name: String) async throws {
        let tree = try place(name).tree
        try await repository.git.run(["add", "--all"], directory: tree)
        try await repository.git.run(["commit", "--quiet", "-m", "work"], directory: tree)
    }
}
