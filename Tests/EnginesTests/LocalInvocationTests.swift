import Exec
import SystemPackage
import Testing

@testable import Engines

/// Tests of pure functions: nothing is run and no engine is needed.
@Suite struct LocalInvocationTests {
    private static let step = Step(
        name: "merge", command: ["emerge", "--oneshot", "app-misc/zen"],
        environment: ["FEATURES": "buildpkg", "TERM": "linux"],
        mounts: [
            .readOnly(source: "/srv/repos", target: "/var/db/repos"),
            .readWrite(source: "/srv/pool", target: "/var/cache/binpkgs"),
            .memory(target: "/var/tmp/portage", bytes: 4096),
        ])

    private static func job(_ step: Step, root: Root? = nil) -> Job {
        Job(
            id: "20260101-abc",
            root: root
                ?? .overlay(
                    StageImage(name: "amd64", digest: "00", tree: "/state/stages/00/tree")),
            steps: [step])
    }

    private static func engine(_ privileges: Privileges = .root) -> LocalEngine {
        LocalEngine(
            state: "/state", launcher: "/usr/bin/git-zentoo", privileges: privileges)
    }

    @Test func commandLineIsComplete() {
        let invocation = Self.engine().invocation(for: Self.step, in: Self.job(Self.step))
        #expect(
            invocation.commandLine == """
                /usr/bin/git-zentoo --local-launcher --scratch /state/jobs/20260101-abc \
                --overlay /state/stages/00/tree \
                --read-only /srv/repos /var/db/repos \
                --read-write /srv/pool /var/cache/binpkgs \
                --memory 4096 /var/tmp/portage -- \
                --unshare-pid --unshare-ipc --unshare-uts --hostname zentoo --unshare-net \
                --die-with-parent --new-session --cap-drop ALL \
                --cap-add CAP_AUDIT_WRITE --cap-add CAP_CHOWN --cap-add CAP_DAC_OVERRIDE \
                --cap-add CAP_FOWNER --cap-add CAP_FSETID --cap-add CAP_KILL \
                --cap-add CAP_MKNOD --cap-add CAP_NET_BIND_SERVICE --cap-add CAP_SETFCAP \
                --cap-add CAP_SETGID --cap-add CAP_SETPCAP --cap-add CAP_SETUID \
                --cap-add CAP_SYS_CHROOT --cap-add CAP_SYS_ADMIN --cap-add CAP_SYS_PTRACE \
                --cap-add CAP_NET_ADMIN --chdir / --clearenv --setenv FEATURES buildpkg \
                --setenv HOME /root \
                --setenv PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
                --setenv TERM linux -- emerge --oneshot app-misc/zen
                """)
        #expect(invocation.environment == Invocation.basicEnvironment)
    }

    @Test func plainUserGetsUserNamespace() {
        let asRoot = Self.engine().invocation(for: Self.step, in: Self.job(Self.step))
        var expected = asRoot
        expected.arguments.insert("--user-namespace", at: 1)
        let asUser = Self.engine(.userNamespace(launcher: "/usr/bin/git-zentoo"))
            .invocation(for: Self.step, in: Self.job(Self.step))
        #expect(asUser == expected)
        #expect(LocalLaunch(arguments: asRoot.arguments.dropFirst())?.makesUserNamespace == false)
        #expect(LocalLaunch(arguments: asUser.arguments.dropFirst())?.makesUserNamespace == true)
    }

    @Test func networkIsSharedOnRequest() async throws {
        var step = Self.step
        step.network = .outside
        let arguments = Self.engine().invocation(for: step, in: Self.job(step)).arguments
        #expect(arguments.contains("--network"))
        #expect(!arguments.contains("--unshare-net"))
    }

    @Test func existingKernelFilesAreMasked() {
        let there: Set = ["/proc/sys", "/proc/keys", "/proc/acpi", "/proc/acpi/."]
        let common = """
            --dev /dev --perms 1777 --tmpfs /dev/shm BARE \
            --tmpfs /dev/zentoo --remount-ro /dev/zentoo \
            --proc /proc --ro-bind /sys /sys --ro-bind /proc/sys /proc/sys \
            --tmpfs /proc/acpi --remount-ro /proc/acpi --dev-bind /dev/null /proc/keys
            """
        func words(_ bareProc: FilePath?) -> String {
            KernelFileSystems.words(bareProc: bareProc, isThere: there.contains)
                .joined(separator: " ")
        }
        #expect(words(nil) == common.replacing("BARE", with: "--proc /dev/zentoo/proc"))
        #expect(
            words("/state/jobs/x/proc")
                == common.replacing(
                    "BARE", with: "--ro-bind /state/jobs/x/proc /dev/zentoo/proc"))
    }

    @Test func launcherCreatesTerminal() {
        let job = Self.job(Self.step)
        let arguments = Self.engine()
            .invocation(for: Self.step, in: job, onTerminal: true).arguments
        #expect(arguments.contains("--terminal"))
        #expect(!arguments.contains("--new-session"))
    }

    @Test(
        arguments: [
            Root.directory(
                "/srv/root", of: StageImage(name: "amd64", digest: "00", tree: "/state/stages/00")),
            .overlay(StageImage(name: "s", digest: "1", tree: "/odd,path:with\\all")),
        ])
    func launcherParsesItsArguments(_ root: Root) throws {
        var step = Self.step
        step.network = .outside
        let invocation = Self.engine().invocation(for: step, in: Self.job(step, root: root))
        let launch = try #require(LocalLaunch(arguments: invocation.arguments.dropFirst()))
        #expect(launch.mounts == step.mounts)
        #expect(launch.sharesNetwork)
        #expect(launch.confinement.suffix(3) == step.command[...])
        #expect([LocalLauncher.flag] + launch.arguments == invocation.arguments)
    }

    @Test(arguments: [
        [], ["--user-namespace"], ["--scratch"], ["--scratch", "/s"], ["--overlay", "/t", "--"],
        ["--scratch", "/s", "--overlay", "/t", "--memory", "x", "/y", "--"],
        ["--scratch", "/s", "--overlay", "/t", "--nonsense", "x", "/y", "--"],
    ])
    func launcherRefusesInvalidArguments(_ arguments: [String]) {
        #expect(LocalLaunch(arguments: arguments) == nil)
    }

    @Test(arguments: ["", ".hidden", "a/b", "a b", "ä", "a_b", String(repeating: "a", count: 256)])
    func invalidJobIDIsRefused(_ id: String) {
        var job = Self.job(Self.step)
        job.id = id
        #expect(throws: EngineError.self) { try job.validate() }
    }

    @Test(arguments: [
        "/", "", "relative", "/proc", "/proc/sys", "/dev/shm", "/sys", "/a/../b",
    ])
    func invalidMountTargetIsRefused(_ target: String) throws {
        var step = Self.step
        step.mounts = [.memory(target: target, bytes: 1)]
        #expect(throws: EngineError.self) { try Self.job(step).validate() }
        step.mounts = [.memory(target: "/procedure", bytes: 1)]
        try Self.job(step).validate()
    }

    @Test func invalidStepsAreRefused() {
        let bad: [(inout Step) -> Void] = [
            { $0.command = [] },
            { $0.command = [""] },
            { $0.command = ["a\0b"] },
            { $0.environment = ["A=B": "c"] },
            { $0.environment = ["": "c"] },
            { $0.environment = ["A": "c\0"] },
            { $0.mounts = [.memory(target: "/m", bytes: 0)] },
            { $0.mounts = [.memory(target: "/m\0", bytes: 1)] },
            { $0.mounts = [.readOnly(source: "relative", target: "/m")] },
        ]
        for change in bad {
            var step = Self.step
            change(&step)
            #expect(throws: EngineError.self) { try Self.job(step).validate() }
        }
    }

    @Test func bubblewrapStatusIsParsed() {
        let ran = BubblewrapStatus("{ \"child-pid\": 42, \"ns\": 1 }\n{ \"exit-code\": 3 }\n")
        #expect(ran.initProcess == 42)
        #expect(ran.exitStatus == 3)
        let never = BubblewrapStatus("{ \"child-pid\": 42 }\n")
        #expect(never.exitStatus == nil)
        #expect(BubblewrapStatus("").initProcess == nil)
    }
}
