@testable import Sites
import Testing

@Suite struct SiteFilesTests {
    @Test func laterTupleLinesWin() throws {
        var mistakes: [Mistake] = []
        let file = TuplesFile(
            Array(
                """
                # all of them
                *-*-*-*  stage=one   # by default
                a-b-c-d  stage=two rebuild=any-change
                *-b-*-*  stage=three
                """.utf8), ref: "main", mistakes: &mistakes)
        let tuple = Tuple(
            cpu: try ZentooName("a"), portage: try ZentooName("b"), buildhooks: try ZentooName("c"),
            packages: try ZentooName("d"))
        #expect(mistakes.isEmpty)
        #expect(file.declarations.map(\.subject) == ["a-b-c-d"])
        #expect(file.options(of: tuple).stage?.text == "three")
        #expect(file.options(of: tuple).rebuild == .anyChange)
        #expect(file.options(of: tuple).composed == "rebuild=any-change\n")
    }

    @Test func engineIsNotComposed() {
        var mistakes: [Mistake] = []
        let file = TuplesFile(
            Array(
                "*-*-*-* engine=docker\na-b-c-d engine=local\na-b-c-e\nx engine=cloud\n".utf8),
            ref: "main", mistakes: &mistakes)
        let tuples = ["a-b-c-d", "a-b-c-e"].compactMap { Self.tuple($0) }
        #expect(tuples.map { file.options(of: $0).engine } == [.local, .docker])
        #expect(tuples.map { file.options(of: $0).composed } == ["", ""])
        #expect(
            tuples.map { file.options(of: $0).listed } == [["engine=local"], ["engine=docker"]])
        #expect(mistakes.map(\.place) == ["main:config/tuples:4"])
        #expect(mistakes.first?.message == "'cloud' is not a value of 'engine'")
        #expect(mistakes.first?.hint == "write one of: local, docker, swarm")
    }

    @Test func compilersAreNotComposed() {
        var mistakes: [Mistake] = []
        let file = TuplesFile(
            Array("*-*-*-* distcc=3\na-b-c-d distcc=0\na-b-c-e\nx distcc=many\n".utf8),
            ref: "main", mistakes: &mistakes)
        let tuples = ["a-b-c-d", "a-b-c-e"].compactMap { Self.tuple($0) }
        #expect(tuples.map { file.options(of: $0).compilers } == [0, 3])
        #expect(tuples.map { file.options(of: $0).composed } == ["", ""])
        #expect(tuples.map { file.options(of: $0).listed } == [["distcc=0"], ["distcc=3"]])
        #expect(mistakes.map(\.place) == ["main:config/tuples:4"])
        #expect(mistakes.first?.message == "'many' is not a value of 'distcc'")
        #expect(mistakes.first?.hint == "write how many machines compile, at most 64")
    }

    private static func tuple(_ text: String) -> Tuple? {
        let names = text.split(separator: "-").compactMap { try? ZentooName(String($0)) }
        guard names.count == 4 else { return nil }
        return Tuple(
            cpu: names[0], portage: names[1], buildhooks: names[2], packages: names[3])
    }

    @Test func wrongOptionsAreReportedWithLine() {
        var mistakes: [Mistake] = []
        _ = TuplesFile(
            Array("\na-b-c-d stage=A/B speed=9\nx rebuild=never word\n".utf8), ref: "main",
            mistakes: &mistakes)
        #expect(mistakes.map(\.line) == [2, 2, 3, 3])
        #expect(mistakes[1].message == "unknown option 'speed'")
        #expect(mistakes[0].place == "main:config/tuples:2")
    }

    @Test func lockRoundTrips() throws {
        var lock = SiteLock()
        lock.stages[try ZentooName("amd64")] = .init(
            digest: try #require(SHA256Digest(String(repeating: "a", count: 64))),
            key: KeyFingerprint(String(repeating: "F", count: 40)))
        lock.repositories[try ZentooName("demo")] = .init(
            revision: try #require(
                RepositoryRevision("sha256:" + String(repeating: "b", count: 64))),
            masters: [try ZentooName("gentoo")])
        var mistakes: [Mistake] = []
        #expect(SiteLock(Array(lock.text.utf8), ref: nil, mistakes: &mistakes) == lock)
        #expect(mistakes.isEmpty)
    }

    @Test func damagedLockIsMistake() {
        var mistakes: [Mistake] = []
        let lock = SiteLock(
            Array("stage amd64 sha256:short\nrepository x\n".utf8), ref: nil, mistakes: &mistakes)
        #expect(mistakes.map(\.line) == [1, 2])
        #expect(lock == SiteLock())
    }

    @Test func makeConfIsParsedAsPortageDoes() {
        let conf = MakeConf(
            Array(
                #"""
                # CFLAGS="no"
                COMMON_FLAGS="-O2 \
                  -pipe"
                CFLAGS='${COMMON_FLAGS}'   # the same
                export LDFLAGS="${LDFLAGS} -Wl,-O1"
                source /etc/other
                USE="a
                  b"
                X=$Y
                """#.utf8))
        #expect(conf.assignments.map(\.name) == ["COMMON_FLAGS", "CFLAGS", "LDFLAGS", "USE", "X"])
        #expect(conf.assignments.map(\.line) == [2, 4, 5, 7, 9])
        #expect(conf.assignments[0].value == "-O2   -pipe")
        #expect(conf.assignments[3].value == "a\n  b")
        #expect(conf.assignments[1].references == ["COMMON_FLAGS"])
        #expect(conf.assignments[2].refers(to: ["LDFLAGS"]))
        #expect(conf.assignments[4].references == ["Y"])
    }

    @Test func reposConfIsParsed() {
        var mistakes: [Mistake] = []
        let conf = ReposConf(
            files: [
                ("repos.conf/a", Array("[DEFAULT]\nmain-repo = gentoo\n[gentoo]\n".utf8)),
                ("repos.conf/b", Array("[demo]\nlocation = /srv/demo\n[Bad/]\n".utf8)),
            ], ref: "portage/base", mistakes: &mistakes)
        #expect(conf.repositories.map(\.name.text) == ["gentoo", "demo"])
        #expect(conf.repositories.map(\.location) == ["/var/db/repos/gentoo", "/srv/demo"])
        #expect(mistakes.map(\.place) == ["portage/base:repos.conf/b:3"])
    }

    @Test(arguments: [
        ("make.profile", "../../var/db/repos/gentoo/profiles/x", "/var/db/repos/gentoo/profiles/x"),
        ("package.use/a", "../../../shadow", "/shadow"),
        ("package.use/a", "b", "/etc/portage/package.use/b"),
        ("a", "/etc/../root/x", "/root/x"),
    ])
    func linksAreResolvedLexically(_ path: String, _ target: String, _ expected: String) {
        let link = TreeReading.Link(path: path, target: target)
        #expect(link.resolved(from: "/etc/portage") == expected)
    }
}
