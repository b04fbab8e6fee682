@testable import Server
import SystemPackage
import TestSupport
import Testing

/// The name of the pusher.
@Suite struct PusherTests {
    @Test func pusherVariablesAreTrustedOnlyForOwner() async throws {
        try await TemporaryRepository.with(bare: true) { temporary in
            let environment = ["GL_USER": "carol <x>\n", "REMOTE_USER": "dave"]
            let name = Pusher.name(
                environment: environment, account: "eve", repository: temporary.path)
            #expect(name == "carol__x__")
            // The owner of the repository is unknown.
            let other = Pusher.name(
                environment: environment, account: "eve", repository: "/nonexistent")
            #expect(other == "eve")
        }
    }
}
