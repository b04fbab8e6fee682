import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// The directory of a job; nothing is run or mounted.
@Suite struct JobScratchTests {
    private static let stage = StageImage(name: "s", digest: "abc", tree: "/")

    @Test(arguments: [
        JobScratch.Verdict.ran(status: 0), .ran(status: 137), .neverStarted,
        .failed("cannot mount 'a b': No such file or directory"),
    ])
    func verdictIsTakenOnce(_ verdict: JobScratch.Verdict) throws {
        try TemporaryDirectory.with { state in
            let scratch = try JobScratch.claim("a", in: state, stage: nil)
            #expect(scratch.takeVerdict() == nil)
            try JobScratch.write(verdict, in: scratch.path)
            #expect(scratch.takeVerdict() == verdict)
            #expect(scratch.takeVerdict() == nil)
        }
    }

    /// A verdict uses the space reserved for it; a long one is truncated.
    @Test func verdictNeedsNoFreeSpace() throws {
        try TemporaryDirectory.with { state in
            let scratch = try JobScratch.claim("a", in: state, stage: nil)
            let file = scratch.path.appending("status")
            func size() throws -> Int { try SmallFile.bytes(of: file).count }
            let reserved = try size()
            #expect(reserved == 4096)
            for verdict in [JobScratch.Verdict.ran(status: 137), .neverStarted] {
                try JobScratch.write(verdict, in: scratch.path)
                let written = try size()
                #expect(written == reserved)
                #expect(scratch.takeVerdict() == verdict)
                let taken = try size()
                #expect(taken == reserved)
            }
            let long = String(repeating: "x", count: 10_000)
            try JobScratch.write(.failed(long), in: scratch.path)
            let now = try size()
            #expect(now == reserved)
            let cut = scratch.takeVerdict()
            guard case .failed(let text) = cut else { throw Errno.invalidArgument }
            #expect(text.count > 4000 && long.hasPrefix(text))
        }
    }

    @Test(arguments: ["", "ran", "ran x", "failed", "nonsense 1"])
    func invalidVerdictIsIgnored(_ text: String) throws {
        try TemporaryDirectory.with { state in
            let scratch = try JobScratch.claim("a", in: state, stage: nil)
            try SmallFile.write(text, to: scratch.path.appending("status"))
            #expect(scratch.takeVerdict() == nil)
        }
    }

    @Test func onlyOwnerMayEnter() throws {
        try TemporaryDirectory.with { state in
            let scratch = try JobScratch.claim("a", in: state, stage: Self.stage)
            try scratch.makeLayers(over: "/")
            var status = stat()
            for path in [state.appending("jobs"), scratch.path] {
                try #require(stat(path.string, &status) == 0)
                #expect(status.st_mode & 0o7777 == 0o700)
            }
            try #require(stat(scratch.path.appending("upper").string, &status) == 0)
            var root = stat()
            try #require(stat("/", &root) == 0)
            #expect(status.st_mode & 0o7777 == root.st_mode & 0o7777)
        }
    }

    @Test func deadJobsAreDistinguishedFromRunningAndKept() throws {
        try TemporaryDirectory.with { state in
            let living = try JobScratch.claim("living", in: state, stage: Self.stage)
            #expect(JobScratch.isOwned(living.path))
            do { _ = try JobScratch.claim("dead", in: state, stage: Self.stage).path }
            do {
                try JobScratch.claim("other", in: state, stage: nil).assign(to: "docker")
            }
            do {
                try JobScratch.claim("kept", in: state, stage: Self.stage).keep(over: Self.stage)
            }
            // Killed after creating the directory and before locking it.
            let unlocked = state.appending("jobs/unlocked")
            try #require(mkdir(unlocked.string, 0o700) == 0)

            let dead = try JobScratch.claimDead(in: state, of: "local")
            defer { dead.forEach { try? $0.lock.close() } }
            #expect(dead.map(\.path) == [state.appending("jobs/dead"), unlocked])
            // A concurrent sweep finds nothing to do.
            #expect(try JobScratch.claimDead(in: state, of: "local").isEmpty)
            #expect(JobScratch.isOwned(living.path))
        }
    }

    @Test func keptRootBelongsToOneStage() throws {
        try TemporaryDirectory.with { state in
            do { try JobScratch.claim("a", in: state, stage: Self.stage).keep(over: Self.stage) }
            var other = Self.stage
            other.digest = "def"
            #expect(throws: EngineError.self) {
                _ = try JobScratch.claim("a", in: state, stage: other)
            }
            let again = try JobScratch.claim("a", in: state, stage: Self.stage)
            let isKept = again.isKept
            #expect(isKept)
        }
    }

    @Test func missingStateDirectoryIsNoError() throws {
        #expect(try JobScratch.claimDead(in: "/no/such/state", of: "local").isEmpty)
    }
}
