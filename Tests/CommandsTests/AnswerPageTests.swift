@testable import Builds
@testable import Commands
@testable import Records
@testable import Sites
import TestSupport
import Testing
@testable import Upkeep

/// The output of the commands that answer questions, for made-up records.
@Suite struct AnswerPageTests {
    private static let first = "20261120T101500.007Z-0123456789"
    private static let second = "20261122T101500.007Z-0123456789"
    private static let third = "20261123T221500.007Z-0123456789"

    private func check(_ report: some Report, _ name: String) throws {
        try assertSnapshot(report.page.rendered(colored: false), named: "answers/\(name)")
    }

    @Test func logListsBuilds() throws {
        let failure = BuildResult.Failure(phase: "compile", package: "sys-apps/sed-4.9")
        let entries = [
            try MadeUp.entry(Self.third, nil, failure: failure),
            try MadeUp.entry(Self.second, 2) { $0.stampedFrom = try? MadeUp.build(Self.first) },
            try MadeUp.entry(Self.first, 1) { $0.emulator = "qemu-riscv64" },
        ]
        try check(LogSummary(builds: entries, now: MadeUp.now), "log")
        try check(LogSummary(builds: [], now: MadeUp.now), "log-empty")
    }

    @Test func showPrintsRecord() throws {
        let entry = try MadeUp.entry(Self.first, 1) {
            $0.unsandboxed = ["network-sandbox"]
            $0.emulator = "qemu-riscv64"
            $0.distribution = .init(compilers: 3, compiled: 70, missed: 1)
        }
        let report = BuildReport(
            result: entry.result, tag: entry.tag,
            packages: [
                try MadeUp.package("dev-lang/python-3.12.3", 3, slot: "3.12", disposition: .reused),
                try MadeUp.package("sys-apps/sed-4.9", use: ["acl", "nls"]),
            ])
        let configuration = BuildConfiguration(
            sources: [
                .init(kind: .portage, commit: try MadeUp.mention("flags")),
                .init(kind: .site, commit: try MadeUp.mention("zentoo: sync gentoo")),
            ],
            stage: .init(name: "openrc", revision: "sha256:5"),
            repositories: [.init(name: "gentoo", revision: "83ab19")])
        let whole = BuildRecord(
            report, configuration: configuration, log: "/state/logs/x.log.zst", now: MadeUp.now)
        try check(whole, "show")
        try check(
            BuildRecord(
                BuildReport(result: entry.result, tag: nil, packages: []), configuration: nil,
                log: nil, now: MadeUp.now), "show-bare")
        let json = String(decoding: try JSONText.encode(whole), as: UTF8.self)
        #expect(!json.contains("\"now\""))
        try assertSnapshot(json, named: "answers/show-json")
    }

    @Test func whenceNamesBuilds() throws {
        let entry = try MadeUp.entry(Self.first, 1)
        let packages = [
            try MadeUp.package("sys-apps/sed-4.8"), try MadeUp.package("sys-apps/sed-4.9"),
        ]
        let failed = try MadeUp.entry(Self.second, nil)
        let answer = WhenceAnswer(
            question: "sed",
            origins: [
                PackageOrigin(packages[0], of: entry.result),
                PackageOrigin(packages[1], of: failed.result),
            ])
        try check(
            WhenceSummary(answer, tags: [entry.result.build: try #require(entry.tag)]), "whence")
        try check(WhenceSummary(unknown: "sed"), "whence-unknown")
    }

    @Test func diffComparesBuilds() throws {
        let before = try MadeUp.entry(Self.first, 1)
        let after = try MadeUp.entry(Self.second, 2)
        let difference = BuildDifference(
            before: before, after: after,
            configuration: [try MadeUp.change("etc/portage/package.use/web").change],
            packages: PackageChange.changes(
                from: [
                    try MadeUp.package("app-shells/bash-5.2", use: ["nls"]),
                    try MadeUp.package("dev-lang/python-3.11.1", slot: "3.11"),
                    try MadeUp.package("sys-apps/sed-4.8"),
                ],
                to: [
                    try MadeUp.package("app-shells/bash-5.2", 2, use: ["plugins"], digit: "b"),
                    try MadeUp.package("net-misc/curl-8"),
                    try MadeUp.package("sys-apps/sed-4.9", digit: "b"),
                ]))
        try check(BuildComparison(difference), "diff")
        try check(
            BuildComparison(
                BuildDifference(before: before, after: after, configuration: nil, packages: [])),
            "diff-same")
    }

    private func standing(
        _ tuple: String = MadeUp.tuple, isUpToDate: Bool = false, latest: BuildEntry? = nil,
        failed: BuildEntry? = nil, before: BuildResult? = nil, changes: [InputChange] = [],
        live: [CPV] = [], missing: [PoolPath] = []
    ) throws -> TupleStanding {
        TupleStanding(
            tuple: tuple,
            status: TupleStatus(
                series: try MadeUp.series(tuple), isUpToDate: isUpToDate, latest: latest,
                failedSince: failed, builtBefore: before, changes: changes, live: live,
                missing: missing),
            mistakes: [], latest: latest, failedSince: failed)
    }

    @Test func whyExplainsTuple() throws {
        let latest = try MadeUp.entry(Self.first, 1)
        let failure = BuildResult.Failure(phase: "merge")
        let stale = try standing(
            latest: latest, failed: try MadeUp.entry(Self.third, nil, failure: failure),
            before: latest.result,
            changes: [
                try MadeUp.change("buildhooks/services"),
                try MadeUp.change(
                    "etc/portage/make.conf/10-znver3",
                    [try MadeUp.mention("faster", branch: "main")]),
            ],
            live: [try #require(CPV("dev-vcs/tool-9999"))],
            missing: [try MadeUp.package("sys-apps/sed-4.9").path])
        try check(WhySummary(standing: stale, now: MadeUp.now), "why-stale")
        let current = try standing(isUpToDate: true, latest: latest)
        try check(WhySummary(standing: current, now: MadeUp.now), "why-current")
        let mistake = Mistake(
            ref: "main", file: "config/tuples", line: 3, message: "unknown stage 'x'",
            hint: "known: openrc")
        let broken = TupleStanding(
            tuple: MadeUp.tuple, status: nil, mistakes: [mistake], latest: latest,
            failedSince: nil)
        try check(WhySummary(standing: broken, now: MadeUp.now), "why-mistake")
    }

    @Test func statusShowsSite() throws {
        let latest = try MadeUp.entry(Self.second, 12)
        let other = "znver3-base-default-web"
        let mistake = Mistake(ref: "main", file: "config/tuples", message: "x")
        let whole = SiteStatus(
            site: "main", commit: try MadeUp.id("e"),
            tuples: [
                try standing(isUpToDate: true, latest: latest),
                try standing(
                    other, latest: try MadeUp.entry(Self.first, 3, tuple: other),
                    changes: [
                        try MadeUp.change("stage"), try MadeUp.change("etc/portage/sets/web"),
                    ]),
                try standing("i-base-default-new"),
                TupleStanding(
                    tuple: "i-base-default-bad", status: nil, mistakes: [mistake], latest: nil,
                    failedSince: nil),
            ],
            underWay: [
                BuildUnderWay(
                    build: try MadeUp.build(Self.third), subject: other, runsHere: true),
                BuildUnderWay(
                    build: try MadeUp.build(Self.second), subject: other, runsHere: false),
            ], mistakes: [], hasPool: true)
        try check(StatusSummary(status: whole, now: MadeUp.now), "status")
        let results = SiteStatus(
            site: "main", commit: nil,
            tuples: [
                TupleStanding(
                    tuple: MadeUp.tuple, status: nil, mistakes: [], latest: latest,
                    failedSince: nil)
            ], underWay: [], mistakes: [], hasPool: false)
        try check(StatusSummary(status: results, now: MadeUp.now), "status-mirror")
        let empty = SiteStatus(
            site: "main", commit: try MadeUp.id("e"), tuples: [], underWay: [], mistakes: [],
            hasPool: true)
        try check(StatusSummary(status: empty, now: MadeUp.now), "status-empty")
    }

    @Test func verifyReportsPool() throws {
        let package = try MadeUp.package("sys-apps/sed-4.9")
        let build = try MadeUp.build(Self.first)
        let broken = PoolReport(
            checked: 3, checkedStages: 1,
            problems: [
                .init(
                    kind: .altered, package: package, build: build, found: try MadeUp.digest("b")),
                .init(kind: .missing, package: package, build: build, found: nil),
            ],
            stageProblems: [
                .init(
                    kind: .altered, stage: "znver3-base", sha256: try MadeUp.digest("7"),
                    build: build, found: try MadeUp.digest("8"))
            ], unknown: ["x86_64-pc-linux-gnu/f/cat/x/x-1-1.gpkg.tar"])
        try check(PoolSummary(broken), "verify-broken")
        try check(
            PoolSummary(
                PoolReport(
                    checked: 1, checkedStages: 1, problems: [], stageProblems: [], unknown: [])),
            "verify-intact")
    }

    @Test func doctorAndRepairReport() throws {
        try check(
            DoctorSummary(findings: [
                Finding(.ok, "git", "2.39"),
                Finding(.warn, "stage", "'x' is not here yet", hints: ["git zentoo stage add x"]),
                Finding(.fail, "programs", "'bwrap' is missing", hints: ["a", "b"]),
            ]), "doctor")
        var repairs = Repair.Report()
        repairs.completed = [
            RecordedBuild(
                build: try MadeUp.build(Self.first), series: try MadeUp.series(), number: 4)
        ]
        repairs.abandoned = [try MadeUp.build(Self.second)]
        repairs.tagged = repairs.completed
        repairs.latest = ["refs/zentoo/latest/main/\(MadeUp.tuple)"]
        repairs.lost = [try MadeUp.build(Self.third)]
        repairs.builds = 7
        repairs.packages = 1
        repairs.obstacles = ["build x: no key"]
        try check(
            RepairSummary(repairs: repairs, removed: ["/state/jobs/x-build"]), "repair")
    }

    @Test func stageCommandsReport() throws {
        let listed = StageState(
            name: "openrc", source: "/srv/openrc.tar", digest: try MadeUp.digest("5"),
            verifiedBy: KeyFingerprint(String(repeating: "1A", count: 20)), isHere: true,
            isInPool: false, isListed: true, tuples: [MadeUp.tuple])
        let new = StageState(
            name: "musl", source: "/srv/musl.tar", digest: nil, verifiedBy: nil, isHere: false,
            isInPool: false, isListed: true, tuples: [])
        let made = StageState(
            name: "znver3-base", source: "pool:\(MadeUp.tuple)", digest: try MadeUp.digest("7"),
            verifiedBy: nil, isHere: false, isInPool: true, isListed: true, tuples: [])
        let old = StageState(
            name: "openrc", source: "/srv/openrc.tar", digest: try MadeUp.digest("6"),
            verifiedBy: nil, isHere: true, isInPool: false, isListed: false, tuples: [])
        try check(StageListing(stages: [listed, new, made, old]), "stage-list")
        let digest = try MadeUp.digest("5")
        try check(
            StageCheckSummary(stages: [
                .init(name: "a", digest: digest, result: .init(isIntact: true, altered: [])),
                .init(
                    name: "b", digest: digest,
                    result: .init(isIntact: false, altered: (1...22).map { "etc/file\($0)" })),
            ]), "stage-verify")
        try check(
            StageRemoval(
                name: "a", digest: digest, isCommitted: true, isTreeRemoved: true,
                archive: "/pool/stages/5.tar.zst"),
            "stage-remove")
    }
}
