@testable import Builds
import Engines
import Files
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing
@testable import Upkeep

/// The findings of the doctor.
struct DoctorTests {
    @Test func missingProgramsAreReported() throws {
        try TemporaryDirectory.with { directory in
            for name in ["bwrap", "tar", "zstd", "sha256sum", "xz", "gpgv", "gpg"] {
                try makeProgram(directory.appending(name))
            }
            let path = "/nonexistent:\(directory)"
            let findings = ProgramCheck(privileges: .root, searchPath: path).findings()
            #expect(findings.map(\.level) == [.warn])
            #expect(findings[0].message.contains("'curl' is missing"))
            try FileContent.write([], to: directory.appending("curl"))
            #expect(ProgramCheck(privileges: .root, searchPath: path).findings() == findings)
            try makeProgram(directory.appending("curl"))
            let whole = ProgramCheck(privileges: .root, searchPath: path).findings()
            #expect(whole.map(\.level) == [.ok])
            let plain = Privileges.userNamespace(launcher: "/usr/bin/git-zentoo")
            let user = ProgramCheck(privileges: plain, searchPath: path).findings()
            #expect(user.map(\.level) == [.fail, .fail])
            #expect(user[1].hints == ["emerge sys-apps/shadow", "apt install uidmap"])
        }
    }

    private func makeProgram(_ path: FilePath) throws {
        try FileContent.remove(path)
        try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate],
            permissions: [.ownerReadWriteExecute]
        ).close()
    }

    @Test func stateDirectoryIsChecked() throws {
        try TemporaryDirectory.with { directory in
            let there = StateCheck(StateDirectory(path: directory)).findings()
            #expect(there.map(\.subject) == ["state"])
            #expect(there[0].level != .fail)
            #expect(try Directory.names(in: directory).isEmpty)
            let absent = StateCheck(StateDirectory(path: directory.pushing("a/b"))).findings()
            #expect(absent.map(\.level) == [.ok])
            #expect(absent[0].message.contains("is made when it is needed"))
            let proc = StateCheck(StateDirectory(path: "/proc/self")).findings()
            #expect(proc.map(\.level) == [.fail])
            try FileContent.write([], to: directory.appending("file"))
            let file = StateCheck(StateDirectory(path: directory.appending("file"))).findings()
            #expect(file.map(\.level) == [.fail])
        }
    }

    @Test func leftoversAreReported() async throws {
        try await RecordFixture.with { fixture in
            let state = StateDirectory(path: fixture.files.root.appending("state"))
            let check = LeftoverCheck(fixture.repository, state: state)
            let build = try fixture.build()
            let (id, series) = (build.result.build, build.result.series)
            try Recorder(fixture.repository).begin(id, of: series, commit: build.result.commit)
            // Started on another machine: this one has never built.
            #expect(try check.findings().map(\.level) == [.ok])

            for name in ["jobs/\(id)-build", "jobs/\(id)-kept", "results/\(id)", "locks"] {
                try Directory.create(state.path.pushing(FilePath(name)))
            }
            try FileContent.write([], to: state.path.pushing(FilePath("jobs/\(id)-kept/kept")))
            let flavour = state.pool.appending("x86_64-pc-linux-gnu/f1")
            try Directory.create(flavour)
            try FileContent.write(Array("\(id)\n".utf8), to: PackageDirectory.marker(of: flavour))
            let findings = try check.findings()
            #expect(findings.map(\.level) == [.warn, .ok])
            #expect(findings[1].message.contains("'x86_64-pc-linux-gnu/f1' was killed"))
            let finding = findings[0]
            #expect(
                finding.message.split(separator: "; ") == [
                    "build \(id) without an end", "scratch of job \(id)-build",
                    "results of build \(id)",
                ])
            let whileRunning = try await BuildLife.during(id, in: state) {
                try check.findings()
            }
            #expect(whileRunning.map(\.level) == [.ok])
        }
    }

    @Test func siteAndStagesAreChecked() async throws {
        var fixture = SiteFixture()
        fixture["main", "config/stages"] = "openrc /srv/openrc.tar\nmusl /srv/musl.tar\n"
        fixture["main", "config/tuples"] = "a-base-default-web stage=openrc\n"
        try await fixture.withSite { site, files in
            let store = StageStore(
                state: files.root.appending("state"), privileges: .ofTests)
            let findings = try SiteCheck(site, store: store).findings()
            #expect(findings.map(\.subject) == ["site", "stage", "stage"])
            #expect(findings.map(\.level) == [.ok, .warn, .warn])
            #expect(findings[1].message.hasPrefix("'openrc' is not here yet"))
            #expect(findings[2].message == "'musl' has never been added")
        }
        fixture["main", "config/tuples"] = "nonsense\n"
        try await fixture.withSite { site, files in
            let store = StageStore(
                state: files.root.appending("state"), privileges: .ofTests)
            let finding = try SiteCheck(site, store: store).findings()[0]
            #expect(finding.level == .fail)
            #expect(finding.message == "'main' has 1 mistake")
        }
    }

    @Test func imageProgramsAreCheckedIfNeeded() async throws {
        var fixture = SiteFixture()
        for (source, expected) in [
            ("docker://gentoo/stage3", ["'skopeo' is missing", "'umoci' is missing"]),
            ("/srv/openrc.tar", []),
        ] {
            fixture["main", "config/stages"] = .file("openrc \(source)\n")
            try await fixture.withSite { site, files in
                let store = StageStore(
                    state: files.root.appending("state"), privileges: .ofTests)
                let programs = ProgramCheck(privileges: .root, searchPath: "/nonexistent")
                let findings = try SiteCheck(site, store: store, programs: programs).findings()
                    .filter { $0.subject == "programs" }
                #expect(findings.map { String($0.message.prefix { $0 != ":" }) } == expected)
                #expect(findings.allSatisfy { $0.level == .warn })
            }
        }
    }

    @Test func fileSystemIsRead() throws {
        let proc = try FileSystem.of("/proc/self/nothing/below")
        #expect(proc.size == 0)
        let system = try FileSystem.of("/tmp")
        #expect(system.available > 0 && system.available <= system.size)
        #expect(try FileSystem.of("/proc").type == "proc")
        #expect(LibraryVersion.current >= .minimum)
    }
}
