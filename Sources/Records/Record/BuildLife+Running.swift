internal import Files
package import Sites
internal import SystemPackage

extension BuildLife {
    /// Returns the builds that currently run on this machine, oldest first.
    package static func running(in state: StateDirectory) throws -> [BuildID] {
        try Directory.names(in: state.locks).compactMap { name in
            guard let build = build(ofLock: state.locks.appending(name)),
                try isRunning(build, in: state)
            else { return nil }
            return build
        }
    }
}
