internal import Engines
package import Records
internal import Sites
internal import SystemPackage

extension BuildLife {
    /// Does `body` while something of its own id counts as running, and takes
    /// away what its jobs handed out when it has ended, however it ended.
    package static func during<Result>(
        _ build: BuildID, on machine: Machine, body: (BuildID) async throws -> Result
    ) async throws -> Result {
        try await during(build, in: machine.state) {
            let results = machine.state.results.appending(build.description)
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
