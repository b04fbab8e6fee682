internal import Engines
package import Records
internal import Sites
internal import SystemPackage

extension BuildLife {
    /// Runs `body` while a build of its own id counts as running, and removes
    /// the results of its jobs afterwards, whether it succeeds or fails.
    package static func during<Result>(
        _ build: BuildID, on machine: Machine, body: (BuildID) async throws -> Result
    ) async throws -> Result {
        try await during(build, in: machine.state) {
            let results = machine.state.results(of: build)
            do {
                let result = try await body(build)
                try await machine.privileges.removeTree(results)
                return result
            } catch {
                try? await machine.privileges.removeTree(results)
                throw error
            }
        }
    }
}
