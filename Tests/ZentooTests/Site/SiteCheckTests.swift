@testable import Sites
import Testing

/// The mistakes that `tuple check` finds, each with branch, file and line.
@Suite struct SiteCheckTests {
    /// A change to the valid site and the mistake that it must cause.
    struct Case: CustomTestStringConvertible {
        let branch: String
        let path: String
        let content: SiteFixture.Content?
        let place: String
        let message: String

        init(
            _ branch: String, _ path: String, _ content: SiteFixture.Content?, at place: String,
            _ message: String
        ) {
            self.branch = branch
            self.path = path
            self.content = content
            self.place = place
            self.message = message
        }

        var testDescription: String { message }
    }

    @Test func validSiteHasNoMistakes() async throws {
        try await SiteFixture().withSite { site, _ in
            let (all, ofTuples) = (try site.check(), try site.check(site.declaredTuples))
            #expect(all == [])
            #expect(ofTuples == [])
            #expect(site.declaredTuples.map(\.text) == ["a-base-default-web"])
        }
    }

    static let siteCases = [
        Case(
            "main", "config/tuples", "# one\nb-base-default-web\na-base-default-web\n",
            at: "main:config/tuples:2", "'b-base-default-web' names no cpu ('b-base-default-web')"),
        Case(
            "main", "config/tuples", "a-base-default-web\na-other-default-web\n",
            at: "main:config/tuples:2",
            "'a-other-default-web' names no portage branch ('other-default-web')"),
        Case(
            "main", "config/tuples", "a-base-default-web\na-base-none-web\n",
            at: "main:config/tuples:2", "'a-base-none-web' names no buildhooks branch ('none-web')"),
        Case(
            "main", "config/tuples", "a-base-default-web\na-base-default-mail\n",
            at: "main:config/tuples:2", "'a-base-default-mail' names no package set ('mail')"),
        Case(
            "main", "config/tuples", "a-base-default-web\n\na-base-default-web live=keep\n",
            at: "main:config/tuples:3", "'a-base-default-web' is declared twice"),
        Case(
            "main", "config/tuples", "*-musl-*-* rebuild=any-change\na-base-default-web\n",
            at: "main:config/tuples:1", "'*-musl-*-*' matches no tuple"),
        Case(
            "main", "config/tuples", "a-base-default-web\n*-base rebuild=any-change\n",
            at: "main:config/tuples:2", "'*-base' is not a pattern"),
        Case(
            "main", "config/tuples", "a-base-default-web stage=musl\n",
            at: "main:config/tuples:1", "unknown stage 'musl'"),
        Case(
            "main", "config/tuples", "a-base-default-web colour=red\n",
            at: "main:config/tuples:1", "unknown option 'colour'"),
        Case(
            "main", "config/stages", "", at: "main:config/stages", "the site has no stage"),
        Case(
            "main", "config/stages", "openrc /srv/a.tar\nmusl /srv/b.tar\n",
            at: "main:config/tuples",
            "tuple 'a-base-default-web' names no stage, and the site has several"),
        Case(
            "main", "config/stages", "musl /srv/b.tar\n",
            at: "main:config/zentoo.lock", "stage 'musl' has never been added"),
        Case(
            "main", "config/zentoo.lock", .file("stage openrc sha256:\(SiteFixture.digest)\n"),
            at: "main:config/zentoo.lock", "repository 'gentoo' has no revision yet"),
        Case(
            "main", "config/portage/sets/web", "dev-lang/perl\n@nothing\n",
            at: "main:config/portage/sets/web:2", "unknown set '@nothing'"),
        Case(
            "main", "config/portage/sets/tools", "@web\n", at: "main:config/portage/sets/tools:1",
            "set 'web' names itself (@web > @tools > @web)"),
        Case(
            "main", "config/cpu/a", "CFLAGS=\"-O2\"\nCXXFLAGS=\"-O2 \\\n  -march=native\"\n",
            at: "main:config/cpu/a:2", "'-march=native' means another thing on every builder"),
        Case(
            "main", "config/cpu/a", "MAKEOPTS=-j8\n", at: "main:config/cpu/a:1",
            "MAKEOPTS is the builder's business"),
        Case(
            "main", "config/cpu/a", "CFLAGS=\"${COMMON_FLAGS}\"\nCOMMON_FLAGS=\"-O2\"\n",
            at: "main:config/cpu/a:1",
            "CFLAGS expands ${COMMON_FLAGS}, which is assigned only later"),
    ]

    static let branchCases = [
        Case(
            "portage/base", "make.conf", "# mine\nCFLAGS=\"-O3\"\n", at: "portage/base:make.conf:2",
            "CFLAGS replaces what cpu 'a' says"),
        Case(
            "portage/base", "make.conf", "LDFLAGS=\"-Wl,-O1 -mcpu=native\"\n",
            at: "portage/base:make.conf:1", "'-mcpu=native' means another thing on every builder"),
        Case(
            "portage/base", "make.conf", "USE=\"a\"\nsource /etc/portage/shared\n",
            at: "portage/base:make.conf:2", "'source /etc/portage/shared' is not followed"),
        Case(
            "portage/base", "make.conf", "# mine\nUSE=\"a\nL10N=\"de\"\n",
            at: "portage/base:make.conf:3", "the quote that begins here is not closed"),
        Case(
            "portage/base", "make.conf", "USE=a b\nL10N=de\n", at: "portage/base:make.conf:2",
            "'L10N' stands where '=' has to: Portage reads no further"),
        Case(
            "portage/base", "make.conf", "CFLAGS = \"-O3\"\n", at: "portage/base:make.conf:1",
            "CFLAGS replaces what cpu 'a' says"),
        Case(
            "portage/base", "make.conf", .link("shared/make.conf"), at: "portage/base:make.conf",
            "symbolic link leads to no file of the branch"),
        Case(
            "portage/base", "env/fast.conf", "\nCFLAGS=\"${CFLAGS} -mtune=native\"\n",
            at: "portage/base:env/fast.conf:2",
            "'-mtune=native' means another thing on every builder"),
        Case(
            "portage/base", "package.use/cpu", "# all\n*/* CPU_FLAGS_X86: avx\n",
            at: "portage/base:package.use/cpu:2",
            "CPU_FLAGS belong to the cpu; here every cpu would get them"),
        Case(
            "portage/base", "patches/a", .link("../../../shadow"), at: "portage/base:patches/a",
            "symbolic link to '../../../shadow' leads out of the tree"),
        Case(
            "portage/base", "patches/b", .gitlink, at: "portage/base:patches/b",
            "a submodule has no content here"),
        Case(
            "portage/base", "sets/web", "@web\n", at: "portage/base:sets/web:1",
            "set 'web' names itself (@web > @web)"),
        Case(
            "portage/base", "repos.conf/own", "[gentoo]\n[own]\nlocation = var/own\n",
            at: "portage/base:repos.conf/own:3", "location 'var/own' is not an absolute path"),
        Case(
            "portage/base", "repos.conf/own", "[gentoo]\n[own]\n", at: "portage/base:repos.conf",
            "repository 'own' is not in config/repos of site 'main'"),
        Case(
            "buildhooks/default", "premerge.d/20-late", "#!/bin/sh\n",
            at: "buildhooks/default:premerge.d/20-late", "the hook is not executable"),
        Case(
            "buildhooks/default", "preinst", "true\n", at: "buildhooks/default:preinst",
            "'preinst' is no build hook"),
        Case(
            "buildhooks/default", "copy/etc/portage/make.conf", "USE=x\n",
            at: "buildhooks/default:copy/etc/portage/make.conf",
            "/etc/portage is the portage branch's alone"),
        Case(
            "buildhooks/default", "modes", .link("/etc/passwd"), at: "buildhooks/default:modes",
            "symbolic link to '/etc/passwd' leads out of the tree"),
        Case(
            "buildhooks/default", "postmerge.d/tool", .gitlink,
            at: "buildhooks/default:postmerge.d/tool", "a submodule has no content here"),
    ]

    /// Mistakes in single lines.
    static let lineCases = [
        Case(
            "buildhooks/default", "remove", "# what nobody reads\nusr/share/doc\nvar/../../etc\n",
            at: "buildhooks/default:remove:3", "'var/../../etc' leads out of the root"),
        Case(
            "buildhooks/default", "remove", "/proc/acpi\n", at: "buildhooks/default:remove:1",
            "'/proc/acpi' is not the root's to remove"),
        Case(
            "buildhooks/default", "modes", "etc/a 0600 root:root\netc/b 0600\n",
            at: "buildhooks/default:modes:2", "'etc/b 0600' is no exception from the modes of copy/"
        ),
        Case(
            "buildhooks/default", "modes", "etc/a 0888 root:root\n",
            at: "buildhooks/default:modes:1", "'0888' is no mode"),
        Case(
            "buildhooks/default", "services", "../sshd default\n",
            at: "buildhooks/default:services:1", "'../sshd default' is no service"),
        Case(
            "main", "config/portage/sets/web", "dev-lang/perl\n--root=/\n",
            at: "main:config/portage/sets/web:2", "'--root=/' is no package atom"),
    ]

    @Test(arguments: [
        "app-editors/vim", ">=dev-lang/perl-5.38:0/5.38=::gentoo[ithreads,-debug]", "*/*",
        "~sys-libs/glibc-2.40", "=dev-lang/python-3.12*", "virtual/libc:2.2",
    ])
    func packageAtomIsKnown(_ text: String) {
        #expect(PackageSet(Array(text.utf8)).atoms == [text])
    }

    @Test(arguments: siteCases + branchCases + lineCases)
    func mistakeIsReportedWithPlace(_ one: Case) async throws {
        var fixture = SiteFixture()
        fixture[one.branch, one.path] = one.content
        try await fixture.withSite { site, _ in
            let mistakes = try site.check()
            #expect(
                mistakes.contains { $0.place == one.place && $0.message == one.message },
                "\(mistakes.map { "\($0.place): \($0.message)" })")
            // Each mistake has a hint that says what to do.
            #expect(mistakes.allSatisfy { $0.hint?.isEmpty == false })
        }
    }

    @Test func allMistakesAreReportedAtOnce() async throws {
        var fixture = SiteFixture()
        for one in [0, 4, 14].map({ Self.siteCases[$0] }) + Self.branchCases.suffix(5) {
            fixture[one.branch, one.path] = one.content
        }
        try await fixture.withSite { site, _ in
            let places = try site.check().map(\.place)
            #expect(places.contains("main:config/tuples:3"))
            #expect(places.contains("main:config/portage/sets/tools:1"))
            #expect(places.count { $0.hasPrefix("buildhooks/default:") } == 5)
        }
    }

    @Test func ambiguousTupleNamesBothReadings() async throws {
        var fixture = SiteFixture()
        fixture["main", "config/cpu/a-base"] = "CFLAGS=-O2\n"
        fixture.branches["portage/x"] = ["make.conf": "USE=\"\"\n"]
        fixture.branches["portage/base-x"] = ["make.conf": "USE=\"\"\n"]
        fixture["main", "config/tuples"] = "a-base-x-default-web\n"
        try await fixture.withSite { site, _ in
            let mistake = try #require(try site.check().first)
            #expect(mistake.place == "main:config/tuples:1")
            #expect(mistake.message == "'a-base-x-default-web' can be read in 2 ways")
            #expect(
                mistake.hint == "rename a part; it is cpu 'a', portage 'base-x', buildhooks "
                    + "'default', packages 'web', or cpu 'a-base', portage 'x', buildhooks "
                    + "'default', packages 'web'")
            #expect(site.declaredTuples.isEmpty)
            #expect(throws: ZentooError.self) { try site.tuple(named: "a-base-x-default-web") }
        }
    }

    @Test func extendingVariablesOfCPUIsAccepted() async throws {
        var fixture = SiteFixture()
        fixture["portage/base", "make.conf"] =
            "CFLAGS=\"${CFLAGS} -g\"\nCOMMON_FLAGS=\"$COMMON_FLAGS -pipe\"\n"
        try await fixture.withSite { site, _ in
            let mistakes = try site.check()
            #expect(mistakes == [])
        }
    }
}
