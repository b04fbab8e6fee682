internal import Engines
internal import Exec
internal import Glibc
internal import SystemPackage
internal import Testing

extension EngineContract {
    /// The clauses for every engine that runs real commands in a real root.
    public enum RootClause: String, CaseIterable, Sendable {
        /// A missing command is a failed step.
        case aMissingCommandFails
        /// A root that cannot be set up is not a failed step.
        case aBadMountIsNoFailedStep
        /// A step has the given environment.
        case theEnvironmentIsAsNamed
        /// Read-only mounts are not changed.
        case readOnlyMountsHold
        /// Read-write mounts can be written.
        case readWriteMountsTakeWrites
        /// A file can be mounted like a directory.
        case filesAreMounted
        /// Later mounts can be on top of earlier ones.
        case mountsNest
        /// The stage is not changed.
        case writesDoNotReachTheStage
        /// A step sees the changes of the previous one.
        case stepsShareTheRoot
        /// A full tmpfs is a failure, not a hang.
        case memoryHasAnEnd
        /// Programs on a tmpfs can run, and its content is removed with the step.
        case memoryRunsPrograms
        /// A step has no network unless it requests one.
        case theNetworkIsAskedFor
        /// No mount target leads out of the root.
        case mountTargetsStayInside
        /// Set-id bits and owners are kept.
        case ownersAndModesSurvive
        /// The root has everything that a package may need.
        case theRootIsWhole
        /// A process that a step leaves behind is ended.
        case nothingIsLeftRunning
        /// Mount points that were created are removed.
        case mountPointsLeaveNoMark
        /// A kept root is reused under the same id, or keeping is refused.
        case aKeptRootGoesOn
        /// A directory root is changed in place.
        case aDirectoryIsChangedInPlace
    }

    /// Checks that the engine satisfies a clause.
    public func check(_ clause: RootClause) async throws {
        switch clause {
        case .aMissingCommandFails: try await aMissingCommandFails()
        case .aBadMountIsNoFailedStep: try await aBadMountIsNoFailedStep()
        case .theEnvironmentIsAsNamed: try await theEnvironmentIsAsNamed()
        case .readOnlyMountsHold: try await readOnlyMountsHold()
        case .readWriteMountsTakeWrites: try await readWriteMountsTakeWrites()
        case .filesAreMounted: try await filesAreMounted()
        case .mountsNest: try await mountsNest()
        case .writesDoNotReachTheStage: try await writesDoNotReachTheStage()
        case .stepsShareTheRoot: try await stepsShareTheRoot()
        case .memoryHasAnEnd: try await memoryHasAnEnd()
        case .memoryRunsPrograms: try await memoryRunsPrograms()
        case .theNetworkIsAskedFor: try await theNetworkIsAskedFor()
        case .mountTargetsStayInside: try await mountTargetsStayInside()
        case .ownersAndModesSurvive: try await ownersAndModesSurvive()
        case .theRootIsWhole: try await theRootIsWhole()
        case .nothingIsLeftRunning: try await nothingIsLeftRunning()
        case .mountPointsLeaveNoMark: try await mountPointsLeaveNoMark()
        case .aKeptRootGoesOn: try await aKeptRootGoesOn()
        case .aDirectoryIsChangedInPlace: try await aDirectoryIsChangedInPlace()
        }
    }

    private func aMissingCommandFails() async throws {
        for command in ["no-such-command", "/no/such/command"] {
            let (outcome, _) = try await run(job([Step(name: "x", command: [command])]))
            #expect(outcome.failure?.status == .exited(127))
        }
        let (outcome, _) = try await run(job([Step(name: "x", command: ["/etc/motd"])]))
        #expect(outcome.failure?.status == .exited(126))
    }

    private func aBadMountIsNoFailedStep() async throws {
        let job = job([
            shell("true", mounts: [.readOnly(source: "/no/such/source", target: "/m")])
        ])
        let error = await #expect(throws: EngineError.self) {
            try await engine.run(job) { _ in }
        }
        #expect(error?.code == .setup)
        #expect(error?.message.contains("/no/such/source") == true)
        #expect(try await leftovers(job) == [])
    }

    private func theEnvironmentIsAsNamed() async throws {
        var step = Step(name: "env", command: ["env"])
        step.environment = ["B": "two words", "A": "$HOME 'é'", "TERM": "linux"]
        let expected = [
            "A=$HOME 'é'", "B=two words", "HOME=/root",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=linux",
        ]
        #expect(try await output(of: step).filter { !$0.hasPrefix("PWD=") }.sorted() == expected)
    }

    private func readOnlyMountsHold() async throws {
        let source = try makeSource("lent", ["file": "as it was\n"])
        let (outcome, log) = try await run(
            job([
                shell(
                    "id -u; ! touch /lent/new; ! rm /lent/file; ! echo x > /lent/file",
                    mounts: [.readOnly(source: source, target: "/lent")])
            ]))
        #expect(outcome.failure == nil)
        #expect(log.text.first == "0")
        #expect(log.text.filter { $0.hasSuffix("Read-only file system") }.count == 3)
        #expect(try Processes.text(of: source.appending("file")) == "as it was\n")
    }

    private func readWriteMountsTakeWrites() async throws {
        let source = try makeSource("pool", [:])
        try await output(
            of: shell(
                "echo made > /var/cache/pool/new",
                mounts: [.readWrite(source: source, target: "/var/cache/pool")]))
        #expect(try Processes.text(of: source.appending("new")) == "made\n")
    }

    private func filesAreMounted() async throws {
        let source = try makeSource("files", ["motd": "lent\n"])
        let mount = Mount.readOnly(source: source.appending("motd"), target: "/etc/motd")
        #expect(try await output(of: shell("cat /etc/motd", mounts: [mount])) == ["lent"])
    }

    private func mountsNest() async throws {
        let outer = try makeSource("outer", ["a/file": "outer\n", "a/inner/file": "hidden\n"])
        let inner = try makeSource("inner", ["file": "inner\n"])
        let said = try await output(
            of: shell(
                "cat /m/file /m/inner/file; echo x > /m/memory/x; ! (echo x > /m/x) 2> /dev/null",
                mounts: [
                    .readWrite(source: outer.appending("a"), target: "/m"),
                    .readOnly(source: inner, target: "/m/inner"),
                    .memory(target: "/m/memory", bytes: 1 << 20),
                    .readOnly(source: outer.appending("a/file"), target: "/m/x"),
                ]))
        #expect(said == ["outer", "inner"])
        #expect(try Processes.text(of: outer.appending("a/inner/file")) == "hidden\n")
        let readOnly = job([
            shell(
                "true",
                mounts: [
                    .readOnly(source: inner, target: "/m"),
                    .memory(target: "/m/missing", bytes: 1 << 20),
                ])
        ])
        let error = await #expect(throws: EngineError.self) {
            try await engine.run(readOnly) { _ in }
        }
        #expect(error?.code == .setup)
    }

    private func writesDoNotReachTheStage() async throws {
        let script = "echo new > /etc/motd; rm /bin/yes; touch /added; cat /etc/motd"
        #expect(try await output(of: shell(script)) == ["new"])
        let again = "cat /etc/motd; ls /bin/yes; ! ls /added 2> /dev/null"
        #expect(try await output(of: shell(again)) == ["original", "/bin/yes"])
    }

    private func stepsShareTheRoot() async throws {
        let said = try await output(
            of: shell("echo one > /shared; mkdir -p /a/b; rm /etc/motd"),
            shell("cat /shared; ls -d /a/b; ls /etc/motd 2> /dev/null || echo gone"))
        #expect(said == ["one", "/a/b", "gone"])
    }

    private func memoryHasAnEnd() async throws {
        let (outcome, log) = try await run(
            job([
                shell(
                    "df -k /m | grep -c 8192; dd if=/dev/zero of=/m/full bs=65536 count=1024",
                    mounts: [.memory(target: "/m", bytes: 8 << 20)])
            ]))
        #expect(outcome.failure?.status == .exited(1))
        #expect(log.text.first == "1")
        #expect(log.text.contains { $0.hasSuffix("No space left on device") })
    }

    private func memoryRunsPrograms() async throws {
        var step = shell(
            "stat -c %a /tmp; printf '#!/bin/sh\\necho ran\\n' > /tmp/x; chmod 755 /tmp/x; /tmp/x")
        step.mounts = [.memory(target: "/tmp", bytes: 1 << 20)]
        let said = try await output(of: step, shell("ls /tmp"))
        #expect(said == ["1777", "ran"])
    }

    private func theNetworkIsAskedFor() async throws {
        let own = try LoopbackServer()
        let connect = "nc \(server ?? "127.0.0.1 \(own.port)") -e /bin/true"
        try await output(
            of: shell("if \(connect) 2> /dev/null; then exit 1; fi; ifconfig lo | grep -q UP"))
        try await output(of: shell(connect, network: .outside))
    }

    private func mountTargetsStayInside() async throws {
        let outside = try makeSource("outside", [:])
        let source = try makeSource("source", ["file": "seen\n"])
        let ways = [
            outside.string, "/oldroot\(outside)", "/newroot/../oldroot\(outside)",
            "../../../../../..\(outside)",
        ]
        for way in ways {
            let said = try await output(
                of: shell("mkdir -p /var/cache; ln -s \(way) /var/cache/link"),
                {
                    var step = shell("cat /var/cache/link/deep/file")
                    step.mounts = [
                        .readOnly(source: source, target: "/var/cache/link/deep")
                    ]
                    return step
                }())
            #expect(said == ["seen"], "\(way)")
            #expect(try directoryIsEmpty(outside), "\(way)")
        }
        for way in ["/link", "/proc/1/root", "dev", "/etc/motd"] {
            let job = job([
                shell("ln -s \(way) /link"),
                shell("true", mounts: [.readOnly(source: source, target: "/link/x")]),
            ])
            let error = await #expect(throws: EngineError.self, "\(way)") {
                try await engine.run(job) { _ in }
            }
            #expect(error?.code == .setup, "\(way)")
        }
    }

    private func ownersAndModesSurvive() async throws {
        let said = try await output(
            of: shell(
                """
                touch /setuid /group; chown 250:250 /setuid; chmod 4755 /setuid
                chown 0:65534 /group; chmod 2750 /group; mkdir -m 1777 /sticky
                """),
            shell("stat -c '%a %u %g' /setuid /group /sticky"))
        #expect(said == ["4755 250 250", "2750 0 65534", "1777 0 0"])
    }

    private func theRootIsWhole() async throws {
        let said = try await output(
            of: shell(
                """
                hostname; id -u; stat -c %a / /dev/shm; echo x > /dev/null; ls /proc/self/exe
                ls -d /sys/kernel /dev/ptmx /dev/pts /dev/fd /dev/urandom
                setpriv --nnp true
                unshare -m -u -i -n -p -f -- sh -c 'ifconfig lo 127.0.0.1 up; mount -t tmpfs x /tmp'
                mknod -m 600 /fifo p; ps | wc -l
                """))
        #expect(said.prefix(4) == ["zentoo", "0", "755", "1777"])
        // None of the machine's processes is visible: a header, init, sh, ps, wc.
        #expect(said.last.flatMap { Int($0) } ?? 99 <= 6)
    }

    private func nothingIsLeftRunning() async throws {
        let marker = Self.uniqueNumber()
        try await output(of: shell("sleep \(marker) > /dev/null 2>&1 < /dev/null & true"))
        #expect(try Processes.commandLines(with: String(marker)) == [])
    }

    private func mountPointsLeaveNoMark() async throws {
        let source = try makeSource("marks", ["file": "x\n"])
        var mounting = shell("cat /new/deep/place/file /new/file")
        mounting.mounts = [
            .readOnly(source: source, target: "/new/deep/place"),
            .readOnly(source: source.appending("file"), target: "/new/file"),
            .memory(target: "/var/new", bytes: 1 << 20),
        ]
        mounting.network = .outside
        #expect(
            try await output(of: mounting, shell("ls / /var /etc | grep -E 'new|resolv' || true"))
                == ["x", "x"])
    }

    private func aKeptRootGoesOn() async throws {
        let id = "kept-\(Self.uniqueNumber())"
        let first = job([shell("echo kept > /mine"), step(.exit(3))], keepsRoot: true, id: id)
        guard keepsRoots else {
            let error = await #expect(throws: EngineError.self) {
                try await engine.run(first) { _ in }
            }
            #expect(error?.code == .unsupported)
            #expect(try await leftovers(first) == [])
            return
        }
        let (outcome, _) = try await run(first)
        #expect(outcome.failure?.status == .exited(3))
        #expect(outcome.keptRoot != nil)

        var bad = job([shell("true")], id: id)
        bad.steps[0].mounts = [.readOnly(source: "/no/such/source", target: "/m")]
        await #expect(throws: EngineError.self) { try await engine.run(bad) { _ in } }
        var other = job([shell("true")], id: id)
        var otherStage = stage
        otherStage.digest = String(repeating: "1", count: 64)
        other.root = .overlay(otherStage)
        await #expect(throws: EngineError.self) { try await engine.run(other) { _ in } }

        let (_, log) = try await run(job([shell("cat /mine")], id: id))
        #expect(log.text == ["kept"])
    }

    private func aDirectoryIsChangedInPlace() async throws {
        guard let busybox = EngineContractStage.busybox else { return }
        let tree = directory.appending("in-place")
        _ = try EngineContractStage.make(at: tree, busybox: busybox)
        let (outcome, _) = try await run(
            job(
                [shell("echo changed > /etc/motd; rmdir /var"), shell("ls /etc/motd")],
                root: .directory(tree, of: stage), keepsRoot: true))
        #expect(outcome.failure == nil)
        #expect(outcome.keptRoot == tree)
        #expect(try Processes.text(of: tree.appending("etc/motd")) == "changed\n")
    }

    // MARK: Sources

    func makeSource(_ name: FilePath.Component, _ files: [String: String]) throws
        -> FilePath
    {
        let source = directory.appending(name)
        for (file, text) in files.sorted(by: { $0.key < $1.key }) {
            let path = source.appending(file)
            try makeDirectories(path.removingLastComponent())
            try EngineContractStage.write(text, to: path)
        }
        try makeDirectories(source)
        return source
    }

    private func makeDirectories(_ path: FilePath) throws {
        if path.withPlatformString({ access($0, F_OK) }) == 0 { return }
        try makeDirectories(path.removingLastComponent())
        guard path.withPlatformString({ mkdir($0, 0o755) }) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    private func directoryIsEmpty(_ path: FilePath) throws -> Bool {
        guard path.withPlatformString({ rmdir($0) }) == 0 else { return false }
        try makeDirectories(path)
        return true
    }
}
