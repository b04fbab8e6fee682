package import Engines
package import Git
package import Sites
internal import SystemPackage

/// The settings of an engine that works with containers, from git's
/// configuration: `zentoo.docker.*` or `zentoo.swarm.*`.
package struct ContainerSettings: Sendable, Hashable {
    /// `.context`: see docker-context(1).
    package let context: String?
    /// `.network`: the network of steps that need one.
    package let network: String?
    /// `.memory` and `.cpus`: the limits of one job.
    package let limits: ContainerLimits
    /// How containers get the directories of the state: each area from its
    /// `.volume.<area>`, else from its own path.
    package let storage: ContainerStorage
    /// `.registry`: the registry through which images reach the nodes of a
    /// swarm.
    package let registry: String?
    /// `.secret`, only for a swarm; can be given more than once.
    package let secrets: [String]
    /// `.config`, only for a swarm; can be given more than once.
    package let configs: [String]
    /// `zentoo.<node>.context`: the context that reaches a node, by the node's
    /// name.
    package let nodeContexts: [String: String]

    /// The parts of the state that a volume can hold.
    package enum Area: String, Sendable, CaseIterable {
        /// Everything except the others.
        case state
        /// The binary packages.
        case pool
        /// The sources.
        case distfiles
        /// The compiler cache, if it is enabled.
        case ccache
    }

    /// Reads the settings of an engine.
    ///
    /// - Throws: ``ZentooError`` and `GitError` that name the key and its valid
    ///   values.
    package init(
        _ configuration: Configuration, of engine: EngineName, state: StateDirectory
    ) throws {
        let prefix = "zentoo.\(engine.rawValue)"
        context = try Self.word("\(prefix).context", in: configuration)
        network = try Self.word("\(prefix).network", in: configuration)
        registry = try Self.word("\(prefix).registry", in: configuration)
        limits = ContainerLimits(
            memory: try Self.amount("\(prefix).memory", in: configuration),
            processors: try Self.amount("\(prefix).cpus", in: configuration))
        secrets = try Self.names("\(prefix).secret", in: configuration)
        configs = try Self.names("\(prefix).config", in: configuration)
        try Self.refuseUnknown("\(prefix).volume", in: configuration)
        storage = ContainerStorage(
            try Area.allCases.map { area in
                ContainerStorage.Area(
                    state.directory(of: area),
                    volume: try Self.volume("\(prefix).volume.\(area.rawValue)", in: configuration))
            })
        var contexts: [String: String] = [:]
        for node in configuration.subsections(of: "zentoo")
        where EngineName(rawValue: node) == nil {
            contexts[node] = try Self.word("zentoo.\(node).context", in: configuration)
        }
        nodeContexts = contexts
    }

    /// Reads a word that docker(1) takes as a name, never as an option.
    private static func word(_ key: String, in configuration: Configuration) throws -> String? {
        guard let text = configuration.string(key) else { return nil }
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        guard !text.isEmpty, isPlain, text.first != "-" else {
            throw ZentooError(
                .unsupported, "'\(text)' is no value of \(key)", hints: hints(key))
        }
        return text
    }

    /// Reads names of swarm objects, which are used in comma-separated fields.
    private static func names(_ key: String, in configuration: Configuration) throws -> [String] {
        try configuration.strings(key).map { name in
            let isPlain = name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || "-_.".utf8.contains(byte)
            }
            guard isPlain, name.first?.isLetter == true || name.first?.isNumber == true else {
                throw ZentooError(
                    .unsupported, "'\(name)' is no value of \(key)", hints: hints(key))
            }
            return name
        }
    }

    private static func amount(_ key: String, in configuration: Configuration) throws -> Int? {
        guard let number = try configuration.int(key) else { return nil }
        guard number > 0 else {
            throw ZentooError(
                .unsupported, "\(key) is \(number), which leaves nothing to a job",
                hints: hints(key))
        }
        return number
    }

    private static func volume(
        _ key: String, in configuration: Configuration
    ) throws -> ContainerVolume? {
        guard let text = configuration.string(key) else { return nil }
        do {
            return try ContainerVolume(text)
        } catch let error as EngineError {
            throw ZentooError(
                .unsupported, "\(key): \(error.message)", hints: error.hints + hints(key))
        }
    }

    private static func refuseUnknown(_ section: String, in configuration: Configuration) throws {
        let known = Area.allCases.map(\.rawValue)
        for key in configuration.keys where key.hasPrefix("\(section).") {
            guard known.contains(String(key.dropFirst(section.utf8.count + 1))) else {
                throw ZentooError(
                    .unsupported, "\(key) names no part of the state",
                    hints: ["the parts are: \(known.joined(separator: ", "))"] + hints(key))
            }
        }
    }

    private static func hints(_ key: String) -> [String] {
        ["git config --show-origin --get-all \(key)"]
    }
}

extension StateDirectory {
    /// Returns the directory of an area on this machine.
    func directory(of area: ContainerSettings.Area) -> FilePath {
        switch area {
        case .state: path
        case .pool: pool
        case .distfiles: distfiles
        case .ccache: ccache
        }
    }
}
