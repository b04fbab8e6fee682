internal import SystemPackage

extension Job {
    /// Refuses values that cannot be passed to the programs that run jobs, and
    /// paths that lead out of the root.
    ///
    /// - Throws: ``EngineError`` with code `unsupported`.
    func validate() throws {
        let isName = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        try demand(
            isName && id.first != "." && !id.isEmpty && id.utf8.count <= 255,
            "invalid job id '\(id)'")
        try root.stage.tree.demandPlain()
        if case .directory(let directory, _) = root { try directory.demandPlain() }
        try Self.validate(steps)
        try Self.validate(companions)
        let names = companions.map(\.name)
        for companion in companions {
            try demand(
                companion.name.isHostName, "companion '\(companion.name)' cannot be called so")
            try demand(
                companion.mounts.allSatisfy(\.isMemory),
                "companion '\(companion.name)' is lent something")
        }
        try demand(Set(names).count == names.count, "two companions of the same name")
        // A root is attached to one network only.
        let reached = Set(steps.map(\.network))
        try demand(
            reached.contains(.companions) == !companions.isEmpty
                && (companions.isEmpty || !reached.contains(.outside)),
            "steps reach companions that there are not, or more than those")
    }

    /// Refuses steps that ``validate()`` would refuse.
    ///
    /// - Throws: ``EngineError`` with code `unsupported`.
    static func validate(_ steps: [Step]) throws {
        for step in steps {
            try demand(step.command.first?.isEmpty == false, "step '\(step.name)' has no command")
            for name in step.environment.keys {
                try demand(
                    !name.isEmpty && !name.utf8.contains(UInt8(ascii: "=")),
                    "invalid environment variable '\(name)' in step '\(step.name)'")
            }
            for mount in step.mounts {
                try mount.source?.demandPlain()
                if case .memory(_, let bytes) = mount {
                    try demand(bytes > 0, "invalid size '\(bytes)' of a mount in memory")
                }
                try demand(mount.isPossible, "cannot mount on '\(mount.target)'")
            }
            let words =
                step.command + step.mounts.map(\.target)
                + step.environment.flatMap { [$0.key, $0.value] }
            try demand(
                !words.contains { $0.utf8.contains(0) },
                "step '\(step.name)' holds a zero byte")
        }
    }
}

extension String {
    /// Whether it is valid as a host name.
    fileprivate var isHostName: Bool {
        !isEmpty && utf8.count <= 15 && first != "-"
            && utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
    }
}

extension FilePath {
    /// Refuses a path that cannot be passed unchanged to another program.
    func demandPlain() throws {
        try demand(isAbsolute, "path '\(self)' is not absolute")
        try demand(String(validating: self) != nil, "path '\(self)' is not UTF-8")
    }
}

extension Mount {
    /// The path on this machine that is mounted; nil for memory.
    var source: FilePath? {
        switch self {
        case .readOnly(let source, _), .readWrite(let source, _), .fenced(let source, _): source
        case .memory: nil
        }
    }

    fileprivate var isMemory: Bool { if case .memory = self { true } else { false } }

    /// The mount point in the root.
    var target: String {
        switch self {
        case .readOnly(_, let target), .readWrite(_, let target), .fenced(_, let target),
            .memory(let target, _):
            target
        }
    }

    /// Whether the target is absolute, contains no `.`, `..` or newline, and is
    /// not mounted by the engine itself.
    fileprivate var isPossible: Bool {
        let target = FilePath(target)
        return target.isAbsolute && !target.components.isEmpty
            && target.components.allSatisfy { $0.kind == .regular }
            && !target.string.utf8.contains(UInt8(ascii: "\n"))
            && !MountPoints.isReserved(target.components)
    }
}

extension Step {
    /// Its environment with the variables every program expects, sorted by
    /// name.
    var wholeEnvironment: [(name: String, value: String)] {
        let defaults = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "TERM": "dumb",
        ]
        return defaults.merging(environment) { $1 }.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: $0.value) }
    }
}

private func demand(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    guard condition else { throw EngineError(.unsupported, message()) }
}
