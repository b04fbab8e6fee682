@testable import Builds
import Exec
import Files
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// Error messages give the cause, not a program's summary.
@Suite struct ToolTests {
    private func reason(_ program: String, _ script: String) async throws -> String {
        try await TemporaryDirectory.with { directory in
            let path = directory.appending(program)
            try FileContent.write(
                Array("#!/bin/sh\n\(script)\n".utf8), to: path,
                permissions: .ownerReadWriteExecute)
            return Tool.reason(try await Invocation(path.string).run())
        }
    }

    @Test func causeIsReported() async throws {
        #expect(
            try await reason(
                "tar",
                """
                echo "tar: Removing leading '/' from member names" >&2
                echo 'tar: ./a: Cannot write: No space left on device' >&2
                echo 'tar: ./b: Cannot write: No space left on device' >&2
                echo 'tar: Exiting with failure status due to previous errors' >&2
                exit 2
                """) == "tar: ./a: Cannot write: No space left on device")
        #expect(
            try await reason(
                "git",
                """
                echo "fatal: cannot open directory '/srv/x': Permission denied" >&2
                echo 'fatal: Could not read from remote repository.' >&2
                echo >&2
                echo 'Please make sure you have the correct access rights' >&2
                echo 'and the repository exists.' >&2
                exit 128
                """) == "fatal: cannot open directory '/srv/x': Permission denied")
        #expect(
            try await reason(
                "curl",
                """
                echo 'Warning: Transient problem: will retry' >&2
                echo 'curl: (6) Could not resolve host: x' >&2
                exit 6
                """) == "curl: (6) Could not resolve host: x")
        #expect(
            try await reason(
                "tar", "echo 'tar: Exiting with failure status due to previous errors' >&2; exit 2")
                == "tar: Exiting with failure status due to previous errors")
        #expect(try await reason("tar", "exit 2") == "exit status 2")
    }

    @Test func failedUnpackingIsReportedWithCause() async throws {
        try await StageFixture.with { fixture in
            func message(_ path: FilePath) async throws -> String {
                let error = await #expect(throws: StageError.self) { try await fixture.add(path) }
                return error?.message ?? ""
            }
            try fixture.write("no archive at all", "stage.tar")
            #expect(
                try await message(fixture.path("stage.tar"))
                    .contains("This does not look like a tar archive"))
            try fixture.write("x", "payload")
            try await fixture.run(
                "tar",
                [
                    "-P", "--transform=s,^payload,../../../mark,", "-cf", "out.tar", "payload",
                    "-C", "root", "etc", "usr",
                ])
            let leading = try await message(fixture.path("out.tar"))
            #expect(leading.contains("Member name contains '..'"), "\(leading)")
        }
    }

    @Test func stageSizeIsLimited() async throws {
        try await StageFixture.with { fixture in
            let store = StageStore(
                state: fixture.path("state"), privileges: .ofTests, largest: 1 << 20)
            func refusal(_ source: StageSource) async throws -> StageError? {
                await #expect(throws: StageError.self) {
                    try await store.add(name: fixture.name, source: source, trust: StageTrust())
                }
            }
            // The archive is small, but its content is large.
            try await fixture.run("truncate", ["--size=64M", "root/usr/hole"])
            let archive = try await fixture.archive("stage.tar.zst")
            #expect(try #require(try FileStatus.of(archive)).size < 1 << 20)
            let unpacked = try #require(try await refusal(.path(archive)))
            #expect(unpacked.code == .tooLarge)
            #expect(unpacked.hints.first?.contains("git config zentoo.maxStageSize") == true)
            #expect(try await refusal(.path(fixture.root))?.code == .tooLarge)
            try await fixture.run("truncate", ["--size=2M", "large.tar"])
            #expect(try await refusal(.path(fixture.path("large.tar")))?.code == .tooLarge)
            #expect(try await refusal(.url("file:///dev/zero"))?.code == .tooLarge)
            // A sparse file is small in the archive too if tar skips its hole.
            try await fixture.run("truncate", ["--size=2T", "root/usr/hole"])
            try await fixture.run("tar", ["-cSf", "sparse.tar", "-C", "root", "."])
            let sparse = try #require(try await refusal(.path(fixture.path("sparse.tar"))))
            #expect(sparse.code == .tooLarge)
            try fixture.expectNothingBehind()
        }
    }
}
