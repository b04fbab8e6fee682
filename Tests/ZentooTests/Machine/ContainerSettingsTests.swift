@testable import Builds
import Engines
import Git
@testable import Sites
import SystemPackage
import Testing

/// The git configuration of container engines.
@Suite struct ContainerSettingsTests {
    private let state = StateDirectory(path: "/srv/zentoo", distfiles: "/srv/distfiles")

    private func settings(
        _ values: KeyValuePairs<String, String>, of engine: EngineName = .docker
    ) throws -> ContainerSettings {
        let listing = values.map { "\($0)\n\($1)\0" }.joined()
        return try ContainerSettings(
            Configuration(listing: Array(listing.utf8), homeDirectory: "/root"), of: engine,
            state: state)
    }

    @Test func defaultsHaveNoLimitsAndBindPaths() throws {
        let settings = try settings([:])
        #expect(settings.context == nil)
        #expect(settings.network == nil)
        #expect(settings.limits == ContainerLimits())
        #expect(
            settings.storage
                == ContainerStorage([
                    .init("/srv/zentoo"), .init("/srv/zentoo/pool"), .init("/srv/distfiles"),
                    .init("/srv/zentoo/ccache"),
                ]))
    }

    @Test func allSettingsAreRead() throws {
        let pool = "source=pool,volume-opt=type=nfs,\"volume-opt=o=addr=nas,rw\""
        let settings = try settings(
            [
                "zentoo.docker.context": "other", "zentoo.swarm.context": "hive",
                "zentoo.swarm.network": "wires", "zentoo.swarm.memory": "3g",
                "zentoo.swarm.cpus": "2",
                "zentoo.swarm.registry": "registry:5000/zentoo", "zentoo.swarm.volume.pool": pool,
                "zentoo.swarm.secret": "one", "zentoo.swarm.secret": "two",
                "zentoo.swarm.config": "three", "zentoo.node-1.context": "first",
            ], of: .swarm)
        #expect(settings.context == "hive")
        #expect(settings.network == "wires")
        #expect(settings.limits == ContainerLimits(memory: 3 << 30, processors: 2))
        #expect(settings.registry == "registry:5000/zentoo")
        #expect(settings.secrets == ["one", "two"])
        #expect(settings.configs == ["three"])
        #expect(settings.nodeContexts == ["node-1": "first"])
        #expect(settings.storage.areas.map(\.volume) == [nil, try ContainerVolume(pool), nil, nil])
    }

    @Test(arguments: [
        ("zentoo.docker.context", "--host=x", "'--host=x' is no value of zentoo.docker.context"),
        ("zentoo.docker.network", "", "'' is no value of zentoo.docker.network"),
        ("zentoo.docker.memory", "-1g", "zentoo.docker.memory is -1073741824"),
        ("zentoo.docker.cpus", "0", "zentoo.docker.cpus is 0"),
        ("zentoo.docker.volume.pool", "type=bind", "zentoo.docker.volume.pool: 'type'"),
        ("zentoo.docker.volume.logs", "source=x", "zentoo.docker.volume.logs names no part"),
    ])
    func invalidValueIsReportedWithKey(key: String, value: String, message: String) {
        let error = #expect(throws: ZentooError.self) { try settings([key: value]) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
        #expect(error?.hints.last == "git config --show-origin --get-all \(key)")
    }

    @Test func invalidNumberIsGitError() {
        #expect(throws: GitError.self) { try settings(["zentoo.docker.memory": "much"]) }
    }
}
