import Git
import TestSupport
import Testing

/// Reading many objects on two threads.
struct ThreadTests {
    @Test(arguments: [0, 1, 32, 33, 1_001])
    func resultsAreInOrder(_ count: Int) async throws {
        try await TemporaryRepository.with(bare: true) { temporary in
            let repository = try temporary.open()
            let texts = (0..<count).map { "\($0)\n" }
            let blobs = try texts.map { try repository.writeBlob($0.utf8) }
            let read = try repository.concurrentMap(blobs) { try $1.blob($0) }
            #expect(read == texts.map { Array($0.utf8) })
        }
    }

    @Test func errorsAreThrown() async throws {
        try await TemporaryRepository.with(bare: true) { temporary in
            let repository = try temporary.open()
            let blobs = Array(repeating: try repository.writeBlob("a".utf8), count: 99) + [.zero]
            #expect(throws: GitError.self) {
                try repository.concurrentMap(blobs) { try $1.blob($0) }
            }
        }
    }

    /// Objects in memory are in no repository that is opened again.
    @Test func objectsInMemoryAreRead() async throws {
        try await TemporaryRepository.with(bare: true) { temporary in
            let repository = try temporary.open().withObjectsInMemory()
            let blobs = try (0..<99).map { try repository.writeBlob("\($0)".utf8) }
            let read = try repository.concurrentMap(blobs) { try $1.blob($0) }
            #expect(read == (0..<99).map { Array("\($0)".utf8) })
        }
    }
}
