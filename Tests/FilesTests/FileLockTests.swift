import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Files

@Suite(.endsHangs) struct FileLockTests {
    /// Fails the test unless the lock is free as `expected`.
    private func expect(
        _ path: FilePath, isFree expected: Bool, at place: SourceLocation = #_sourceLocation
    ) throws {
        let isFree =
            switch try FileLock.tryLock(path) {
            case .none: false
            case .some: true
            }
        #expect(isFree == expected, sourceLocation: place)
    }

    @Test func lockHasOneHolder() async throws {
        try await TemporaryDirectory.with { root in
            let path = root.appending("lock")
            try expect(path, isFree: true)
            try await FileLock.holding(path) {
                try expect(path, isFree: false)
                // Another file is another lock.
                try expect(root.appending("other"), isFree: true)
            }
            try expect(path, isFree: true)
            // The file stays: otherwise two processes could lock two files of one name.
            let left = try FileStatus.of(path)
            #expect(left?.kind == .file)
        }
    }

    /// A process that is being started has such a copy until it calls exec.
    @Test func copiedDescriptorDoesNotHoldLock() async throws {
        try await TemporaryDirectory.with { root in
            let path = root.appending("lock")
            var copies: [FileDescriptor] = []
            try await FileLock.holding(path) {
                // List all before duplicating any: closed descriptor numbers are reused.
                let holders = try Directory.names(in: "/proc/self/fd").filter {
                    FilePath("/proc/self/fd").appending($0).resolvingLink() == path.string
                }
                for holder in holders.compactMap({ Int32($0.string) }) {
                    copies.append(try FileDescriptor(rawValue: holder).duplicate())
                }
            }
            #expect(copies.count == 1)
            try expect(path, isFree: true)
            for copy in copies { try copy.close() }
        }
    }

    @Test func waiterReportsOnceAndGetsLock() async throws {
        try await TemporaryDirectory.with { root in
            let path = root.appending("lock")
            let (news, tell) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: Int.self) { group in
                try await FileLock.holding(path) {
                    group.addTask {
                        var waits = 0
                        try await FileLock.holding(
                            path,
                            onWait: {
                                waits += 1
                                tell.finish()
                            }, body: {})
                        return waits
                    }
                    for await _ in news {}
                }
                #expect(try await group.next() == 1)
            }
        }
    }

    @Test func freeLockIsNotWaitedFor() async throws {
        try await TemporaryDirectory.with { root in
            var waits = 0
            let result = try await FileLock.holding(
                root.appending("lock"), onWait: { waits += 1 }, body: { 7 })
            #expect(result == 7)
            #expect(waits == 0)
        }
    }

    @Test func failureReleasesLock() async throws {
        struct Failure: Error {}
        try await TemporaryDirectory.with { root in
            let path = root.appending("lock")
            await #expect(throws: Failure.self) {
                try await FileLock.holding(path) { throw Failure() }
            }
            try expect(path, isFree: true)
        }
    }

    @Test func waitingCanBeCancelled() async throws {
        try await TemporaryDirectory.with { root in
            let path = root.appending("lock")
            try await FileLock.holding(path) {
                let waiting = Task { try await FileLock.holding(path) {} }
                waiting.cancel()
                await #expect(throws: CancellationError.self) { try await waiting.value }
            }
        }
    }

    @Test func linkIsNotFollowed() throws {
        try TemporaryDirectory.with { root in
            #expect(symlinked(root.appending("target"), at: root.appending("lock")))
            #expect(throws: FileError.self) {
                try expect(root.appending("lock"), isFree: true)
            }
            let target = try FileStatus.of(root.appending("target"))
            #expect(target == nil)
        }
    }
}

extension FilePath {
    /// Returns the target of the link as it is written, or nil if this is not a
    /// link.
    fileprivate func resolvingLink() -> String? {
        withPlatformString { path in
            var buffer = [CChar](repeating: 0, count: 4096)
            let length = readlink(path, &buffer, buffer.count - 1)
            guard length > 0 else { return nil }
            return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
