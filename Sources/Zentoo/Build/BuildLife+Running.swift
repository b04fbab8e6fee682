internal import Files
internal import SystemPackage

extension BuildLife {
    /// The builds that run on this machine now, oldest first.
    static func running(in state: StateDirectory) throws -> [BuildID] {
        try Directory.names(in: state.locks).compactMap { name in
            guard name.string.hasPrefix(prefix),
                let build = BuildID(String(name.string.dropFirst(prefix.count))),
                try isRunning(build, in: state)
            else { return nil }
            return build
        }
    }

    private static let prefix = "build-"
}
