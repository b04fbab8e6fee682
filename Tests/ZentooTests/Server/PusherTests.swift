@testable import Server
import SystemPackage
import TestSupport
import Testing

/// Who pushes.
@Suite struct PusherTests {
    @Test func whoPushesIsBelievedOnlyOfTheOwner() async throws {
        try await TemporaryRepository.with(bare: true) { temporary in
            let environment = ["GL_USER": "carol <x>\n", "REMOTE_USER": "dave"]
            let name = Pusher.name(
                environment: environment, account: "eve", repository: temporary.path)
            #expect(name == "carol__x__")
            // Whose it is, is not known.
            let other = Pusher.name(
                environment: environment, account: "eve", repository: "/nonexistent")
            #expect(other == "eve")
        }
    }
}
