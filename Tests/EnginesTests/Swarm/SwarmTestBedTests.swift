import SystemPackage
import TestSupport
import Testing

/// The swarm that the tests start.
@Suite(
    .endsHangs,
    .enabled(if: SwarmTestBed.isAvailable, "needs root, dockerd and docker-registry"))
struct SwarmTestBedTests {
    @Test func failingBodyLeavesNothingBehind() async throws {
        let place = await #expect(throws: Place.self) {
            try await SwarmTestBed.with { bed in
                let daemons = try Processes.commandLines(with: bed.directory.string)
                    .filter { $0.hasPrefix("dockerd ") }
                #expect(daemons.count == 3)
                try await bed.kill(.w1)
                try await bed.wait(for: .w1, toBe: "down")
                try await bed.cutOff(.w2)
                try await bed.wait(for: .w2, toBe: "down")
                try await bed.heal()
                try await bed.cutOff(.w2)
                try await bed.kill(.m)
                throw Place(directory: bed.directory)
            }
        }
        let directory = try #require(place?.directory)
        #expect(try Processes.commandLines(with: directory.string) == [])
        let mounts = try Processes.text(of: "/proc/self/mounts")
        #expect(!mounts.contains(directory.string))
    }

    private struct Place: Error {
        let directory: FilePath
    }
}
