import Files
import Git
import Records
import Sites
import SystemPackage

/// A site with many tuples, in a bare repository.
struct Network {
    let repository: FilePath
    /// The names of its tuples.
    let tuples: [String]

    static let digest = String(repeating: "5", count: 64)
    static let chost = "x86_64-pc-linux-gnu"
    static let flavour = "0123456789abcdef"

    /// Creates one of `portages` times two buildhooks times `cpus` tuples.
    init(_ name: String, portages: Int, cpus: Int, in world: World) throws {
        var branches: [String: [String: String]] = [:]
        var main = [
            "config/stages": "openrc /srv/stage3.tar.xz\n",
            "config/repos": "gentoo /srv/gentoo\n",
            "config/zentoo.lock":
                "stage openrc sha256:\(Self.digest)\nrepository gentoo sha256:\(Self.digest)\n",
            "config/portage/sets/web": "@tools\nwww-servers/nginx\n",
            "config/portage/sets/tools": "app-editors/nano\napp-misc/tmux\n",
        ]
        for cpu in 0..<cpus {
            main["config/cpu/cpu\(cpu)"] = """
                COMMON_FLAGS="-O2 -march=x86-64-v3 -mtune=cpu\(cpu)"
                CFLAGS="${COMMON_FLAGS}"
                CXXFLAGS="${COMMON_FLAGS}"

                """
        }
        for hooks in ["plain", "server"] {
            branches["buildhooks/\(hooks)"] = [
                "services": "\(hooks) default\n", "unmerge": "app-misc/\(hooks)\n",
                "remove": "/usr/share/doc\n", "copy/etc/motd": "\(hooks)\n",
            ]
        }
        for portage in 0..<portages {
            var files = ["make.conf": "USE=\"use\(portage)\"\n"]
            // About as many files as a user keeps.
            for file in 0..<20 {
                files["package.use/use\(file)"] = "app-misc/package\(file) flag\(portage)\n"
                files["patches/app-misc/package\(file)/mend.patch"] = "\(portage) \(file)\n"
            }
            branches["portage/site\(portage)"] = files
        }
        var tuples: [String] = []
        for portage in 0..<portages {
            for hooks in ["plain", "server"] {
                for cpu in 0..<cpus { tuples.append("cpu\(cpu)-site\(portage)-\(hooks)-web") }
            }
        }
        main["config/tuples"] = tuples.map { $0 + "\n" }.joined()
        branches["main"] = main
        repository = try world.repository(name, branches: branches)
        self.tuples = tuples
    }

    /// Returns the `index`-th package, one of 3,000 in its versions.
    static func package(
        _ index: Int, size: Int64 = 100_000, sha256: SHA256Digest? = nil,
        _ disposition: RecordedPackage.Disposition = .made
    ) throws -> RecordedPackage {
        let text = "app-group\(index % 50)/package\(index % 3000)-\(index / 3000).0"
        guard let cpv = CPV(text), let digest = sha256 ?? SHA256Digest(Self.digest(index)),
            let path = PoolPath(chost: chost, flavour: flavour, cpv: cpv, number: 1)
        else { throw Failure(description: "'\(text)' is no package") }
        return RecordedPackage(
            cpv: cpv, buildNumber: 1, slot: "0", use: ["nls", "ssl"], size: size, sha256: digest,
            path: path, repository: "gentoo", disposition: disposition,
            duration: disposition == .made ? 10 : nil)
    }

    /// Returns digits without a pattern that are the same each time (SplitMix64).
    static func digest(_ index: Int) -> String {
        var state = UInt64(index) &* 0x9e37_79b9_7f4a_7c15
        return (0..<4).map { _ in
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
            let digits = String(word ^ word >> 31, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Composes a tuple and records a successful build of it with these packages.
    static func record(
        _ tuple: String, of site: Site, _ packages: [RecordedPackage]
    ) async throws {
        let commit = try TupleComposer(site).compose(site.tuple(named: tuple))
        guard let stage = SHA256Digest(digest) else { return }
        let result = BuildResult(
            build: BuildID.make(), status: .success,
            series: BuildSeries(site: site.name, tuple: commit.tuple), commit: commit.commit,
            tree: commit.tree, flavour: flavour, chost: chost, stage: stage, engine: "local",
            duration: 600, tagger: World.somebody)
        _ = try await Recorder(site.repository).record(
            FinishedBuild(result: result, packages: packages))
    }

    /// Returns the site in a copy of the repository.
    static func site(in repository: FilePath) throws -> Site {
        try Site(ZentooName("main"), in: Repository.open(repository), remote: nil)
    }
}
