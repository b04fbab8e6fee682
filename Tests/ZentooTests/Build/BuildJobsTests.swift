@testable import Builds
import Engines
@testable import Records
@testable import Sites
import SystemPackage
import Testing

/// What each step of a build can write to.
@Suite struct BuildJobsTests {
    private static func jobs() throws -> BuildJobs {
        let name = { (text: String) in try ZentooName(text) }
        var hooks = Buildhooks()
        (hooks.hasCopy, hooks.hasModes) = (true, true)
        (hooks.hasServices, hooks.hasRemove) = (true, true)
        hooks.premerge = ["10-first"]
        hooks.postmerge = ["10-last"]
        hooks.unmerge = ["app-misc/unwanted"]
        return BuildJobs(
            id: BuildID.make(),
            tuple: Tuple(
                cpu: try name("znver3"), portage: try name("base"), buildhooks: try name("default"),
                packages: try name("router")),
            stage: StageImage(name: "stage", digest: "00", tree: "/state/stages/00/tree"),
            view: RootView(
                portage: "/state/cache/trees/1", buildhooks: "/state/cache/trees/2",
                repositories: [("/var/db/repos/gentoo", "/state/repos/gentoo/1/tree")],
                scripts: "/state/cache/scripts", depcache: "/state/cache/edb/1",
                out: "/state/results/1", binpkgs: "/pool/chost/1", distfiles: "/state/distfiles",
                ccache: "/state/ccache"),
            hooks: hooks, parallelism: 2)
    }

    private static let pool = "/var/cache/binpkgs"
    private static let out = "/run/zentoo/out"
    private static let depcache = "/var/cache/edb/dep"

    /// Returns the writable mount targets of each step that has any.
    private static func writable(in job: Job) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        for step in job.steps {
            for mount in step.mounts {
                switch mount {
                case .readOnly: break
                case .readWrite(_, let target), .fenced(_, let target), .memory(let target, _):
                    found[step.name, default: []].insert(target)
                }
            }
        }
        return found
    }

    @Test func stepsWriteOnlyTheirOutput() throws {
        let jobs = try Self.jobs()
        let merging = { (step: String) -> [String: Set<String>] in
            [
                "installed": [Self.out], "fetch": ["/var/cache/distfiles"],
                step: [Self.pool, Self.out, "/var/cache/ccache"], "harvest": [Self.out],
            ]
        }
        let flavour: [String: Set<String>] = ["flavour": [Self.depcache, Self.out]]
        #expect(Self.writable(in: jobs.flavour) == flavour)
        #expect(Self.writable(in: jobs.plan(jobs.goal)) == ["plan": [Self.depcache, Self.out]])
        #expect(Self.writable(in: jobs.ebuilds(["a/b-1::c"])) == ["ebuilds": [Self.out]])
        #expect(Self.writable(in: jobs.compile(jobs.goal, fetches: true)) == merging("compile"))
        #expect(Self.writable(in: jobs.fetching(jobs.goal)) == ["fetch": ["/var/cache/distfiles"]])
        #expect(
            Self.writable(in: jobs.assemble(in: .overlay(jobs.stage))) == [
                "installed": [Self.out], "harvest": [Self.out],
            ])
        #expect(
            Self.writable(in: jobs.rebuilding(jobs.goal, fetches: true))
                == merging("merge").merging(flavour) { $1 })
        #expect(
            Self.writable(in: jobs.cleaning()) == flavour.merging(["harvest": [Self.out]]) { $1 })
        #expect(Self.writable(in: jobs.configuring(with: "/state/cache/trees/3")) == [:])
        for targets in Self.writable(in: jobs.repair).values { #expect(targets == [Self.pool]) }
    }

    /// A package is no function of a buildhooks branch.
    @Test func packagesAreCompiledWithoutHooks() throws {
        let jobs = try Self.jobs()
        #expect(
            jobs.compile(jobs.goal, fetches: true).steps.map(\.name)
                == ["installed", "fetch", "compile", "harvest"])
    }

    @Test func hooksHaveOnlyReadOnlyMounts() throws {
        let jobs = try Self.jobs()
        let steps = jobs.assemble(in: .overlay(jobs.stage)).steps
        let hooks = steps.filter { step in
            step.mounts.contains { mount in
                if case .readOnly(_, RootView.buildhooksMountPoint) = mount { true } else { false }
            }
        }
        #expect(
            hooks.map(\.name) == [
                "copy", "premerge.d/10-first", "modes", "postmerge.d/10-last", "services", "remove",
            ])
        for hook in hooks {
            let areReadOnly = hook.mounts.allSatisfy { mount in
                if case .readOnly = mount { true } else { false }
            }
            #expect(areReadOnly, "\(hook.name)")
            #expect(hook.network == .none)
        }
    }
}
