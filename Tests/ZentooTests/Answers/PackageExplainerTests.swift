@testable import Builds
import Files
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// What happens to the packages of a plan, according to records and pool.
struct PackageExplainerTests {
    @Test(
        arguments: [
            (#"USE="nls -static""#, ["nls"]),
            (#"USE="(forced) (-masked) {test} -nls* plugins%*""#, ["forced", "plugins", "test"]),
            (
                #"USE="color" ABI_X86="(64) -32 (-x32)" PYTHON_TARGETS="python3_12 -python3_13""#,
                ["abi_x86_64", "color", "python_targets_python3_12"]
            ),
            ("", []),
        ])
    func useFlagsAreParsedFromEmerge(shown: String, flags: [String]) {
        #expect(PlannedPackage.enabled(shown) == flags)
    }

    @Test func slotsAreParsed() {
        let plan = MergePlan([
            #"[binary  N     ] dev-libs/libzen-2.0.1-3:2/1::demo  USE="-static-libs" 0 KiB"#,
            "[ebuild  N     ] app-misc/koan-0.9.1::demo  0 KiB",
        ])
        #expect(plan.entries.map(\.slot) == ["2/1", "0"])
        #expect(plan.entries.map(\.cpv) == ["dev-libs/libzen-2.0.1", "app-misc/koan-0.9.1"])
        #expect(plan.entries.map(\.buildNumber) == [3, nil])
    }

    /// Asks about a plan; the records have an earlier build.
    private func ask(
        _ question: String, plan lines: [String], flavour: String = "f1", edited: [String] = [],
        recorded: [RecordedPackage], inPool: [RecordedPackage] = []
    ) async throws -> PackageAnswer {
        try await SiteFixture().withSite { site, files in
            let fixture = try RecordFixture(files)
            let composed = try TupleComposer(site).compose(try #require(site.declaredTuples.first))
            let series = BuildSeries(site: site.name, tuple: composed.tuple)
            _ = try await Recorder(fixture.repository).record(
                try fixture.build(series: series, packages: recorded))
            let state = StateDirectory(path: files.root.appending("state"))
            for package in inPool {
                let path = state.pool.appending(package.path.description)
                try Directory.create(path.removingLastComponent())
                try FileContent.write(
                    [UInt8](repeating: 0, count: Int(package.size)), to: path)
            }
            let flavours = state.cache.appending("flavours")
            try Directory.create(flavours)
            for (name, flags) in [("one", "-O2"), ("two", "-O3")] {
                try FileContent.write(flavourText(flags), to: flavours.appending(name))
            }
            var report = TupleReport(
                composed, of: BuildSeries(site: site.name, tuple: composed.tuple), status: .planned)
            report.flavour = "x86_64-pc-linux-gnu/\(flavour)"
            report.plan = MergePlan(lines)
            report.edited = edited
            let explainer = PackageExplainer(try ResultReader(files.open()), state: state)
            return try await explainer.answer(question, of: series, plan: report)
        }
    }

    private func flavour(_ flags: String) throws -> String {
        try Flavour(reading: flavourText(flags)).id
    }

    /// Returns the output of `flavour.py`; the digest only has to differ for other
    /// flags.
    private func flavourText(_ flags: String) -> [UInt8] {
        let digits = flags.utf8.map { String($0, radix: 16) }.joined()
        let digest = digits + String(repeating: "0", count: 64 - digits.utf8.count)
        return Array(
            "chost\tx86_64-pc-linux-gnu\ndigest\t\(digest)\nvariable CFLAGS\t\(flags)\n".utf8)
    }

    @Test func reusedPackageNamesItsBuild() async throws {
        let sed = try RecordFixture.package("sys-apps/sed-4.9")
        let lines = [
            #"[binary   R    ] sys-apps/sed-4.9-1::gentoo  USE="acl nls" 0 KiB"#,
            "[ebuild  N     ] sys-apps/grep-3::gentoo  0 KiB",
        ]
        let answer = try await ask(
            "sed", plan: lines, edited: ["sys-apps/sed"], recorded: [sed], inPool: [sed])
        let planned = try #require(answer.planned?.first)
        #expect(answer.planned?.count == 1)
        #expect(planned.verdict.outcome == .reused)
        #expect(planned.origin?.path == sed.path)
        #expect(planned.isEdited)
        #expect(!planned.isMissing)
        #expect(planned.refused.isEmpty)
        #expect(answer.recorded == [sed])
        // Portage trusts the index; a missing file is detected here.
        let gone = try await ask("sys-apps/sed", plan: lines, recorded: [sed])
        #expect(gone.planned?.first?.isMissing == true)
    }

    @Test func refusedCandidatesHaveCauses() async throws {
        let old = try flavour("-O2")
        let new = try flavour("-O3")
        func package(_ flavour: String, _ number: Int, use: [String]) throws -> RecordedPackage {
            var package = try RecordFixture.package(
                "sys-apps/sed-4.9", number: number, use: use)
            package.path = try #require(
                PoolPath(
                    chost: "x86_64-pc-linux-gnu", flavour: flavour, cpv: package.cpv,
                    number: number))
            return package
        }
        let otherUse = try package(new, 1, use: ["acl"])
        let otherFlavour = try package(old, 2, use: ["acl", "nls"])
        let both = try package(old, 3, use: [])
        let answer = try await ask(
            "sys-apps/sed-4.9",
            plan: [#"[ebuild   R    ] sys-apps/sed-4.9::gentoo  USE="acl nls" 0 KiB"#],
            flavour: new, recorded: [otherUse, otherFlavour, both], inPool: [otherUse])
        let refused = try #require(answer.planned?.first).refused
        #expect(refused.last?.package.path == both.path)
        let use = try #require(refused.first { $0.package.path == otherUse.path })
        #expect(use.causes.map(\.kind) == [.use])
        #expect(use.isInPool)
        #expect(use.flavourChanges.isEmpty)
        let flavour = try #require(refused.first { $0.package.path == otherFlavour.path })
        #expect(flavour.causes.map(\.kind) == [.flavour])
        #expect(!flavour.isInPool)
        #expect(
            flavour.flavourChanges == [
                FlavourChange(input: "variable CFLAGS", before: "-O2", after: "-O3")
            ])
    }

    @Test func invalidPackageNameIsRefused() async throws {
        await #expect(throws: ZentooError.self) {
            try await ask("a b", plan: [], recorded: [])
        }
        let unknown = try await ask("grep", plan: [], recorded: [])
        #expect(unknown.planned == [])
        #expect(unknown.recorded.isEmpty)
    }
}
