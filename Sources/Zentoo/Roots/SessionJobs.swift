internal import Engines
internal import Files
internal import SystemPackage

/// The job of a session in a root as plain data.
struct SessionJobs {
    /// As for a build of what the work tree held when the session began.
    let build: BuildJobs
    let place: RootPlace
    let options: SessionOptions
    /// The flavour's PKGDIR, of which a session only reads.
    let pool: FilePath
    /// The root's own PKGDIR of that flavour.
    let binpkgs: FilePath
    /// The job whose root is taken up again, if one was kept.
    let resumed: String?

    /// Where the pool is seen in the root.
    static let poolMountPoint = "/run/zentoo/pool"
    /// Where Portage's phases tell of their environment.
    static let witnessMountPoint = "/run/zentoo/witness"
    /// The step with the shell, or the command.
    static let sessionStep = "session"

    /// What is seen there, when the session has ended.
    var witness: FilePath { build.view.out.appending("witness") }

    /// The root's own preparation, as a build has it, then the session.
    var job: Job {
        Job(
            id: resumed ?? "\(build.id)-enter", root: .overlay(build.stage),
            steps: (resumed == nil ? build.preparation : []) + [session],
            keepsRoot: options.keeps)
    }

    private var session: Step {
        Step(
            name: Self.sessionStep, command: command, environment: environment, mounts: mounts,
            network: true,
            // Whoever wants to find out why a hook fails needs a shell most.
            condition: options.command.isEmpty ? .always : .onSuccess)
    }

    private var command: [String] {
        let script = "\(PortageScripts.mountPoint)/session.sh"
        if options.command.isEmpty { return ["sh", script] + shell }
        return options.isInteractive
            ? ["bash", script, "--foreground"] + options.command
            : ["sh", script] + options.command
    }

    private var shell: [String] {
        options.isInteractive
            ? ["bash", "--rcfile", "\(PortageScripts.mountPoint)/shell.sh", "-i"]
            : ["bash", "--login"]
    }

    /// As in a build, where that counts for what is compiled.
    private var environment: [String: String] {
        var environment = build.environment
        environment["NOCOLOR"] = nil
        environment["TERM"] = terminal
        // Which has emerge use the root's own packages as well.
        environment["FEATURES"] = "getbinpkg"
        environment["PORTAGE_BINHOST"] = "file://\(Self.poolMountPoint)"
        if options.command.isEmpty { environment["ZENTOO_SHELL_OF"] = place.name.text }
        return environment
    }

    private var mounts: [Mount] {
        let portage = place.tree.appending("etc/portage")
        return build.view.mounts(distfiles: .readWrite, depcache: .readWrite).map { mount in
            switch mount {
            case .readOnly(_, "/etc/portage"):
                .readWrite(source: portage, target: "/etc/portage")
            default: mount
            }
        } + [
            .readWrite(source: binpkgs, target: "/var/cache/binpkgs"),
            .readOnly(source: binhost, target: Self.poolMountPoint),
            .readWrite(source: witness, target: Self.witnessMountPoint),
        ]
    }

    /// The pool; before anything was built, when it has no index, and Portage
    /// would take it for one that cannot be reached, one with nothing in it.
    private var binhost: FilePath {
        let index = (try? FileStatus.of(pool.appending("Packages"))) ?? nil
        return index == nil ? emptyPool : pool
    }

    private var emptyPool: FilePath { build.view.out.appending("empty-pool") }

    /// Makes the directories that the job needs.
    ///
    /// - Throws: `FileError`.
    func prepare() throws {
        for directory in [pool, binpkgs, witness, emptyPool] { try Directory.create(directory) }
        try FileContent.write(
            Array("PACKAGES: 0\nTIMESTAMP: 1\nVERSION: 0\n\n".utf8),
            to: emptyPool.appending("Packages"))
    }

    /// The person's own terminal where the stage knows it, else the likeliest
    /// that it does know; see term(7).
    private var terminal: String {
        let candidates = [options.terminal, "xterm-256color", "xterm", "linux", "vt100"]
        return candidates.compactMap(\.self).first(where: isKnown) ?? "dumb"
    }

    private func isKnown(_ terminal: String) -> Bool {
        guard let first = terminal.first, !terminal.contains("/"), !terminal.hasPrefix(".") else {
            return false
        }
        return ["usr/share/terminfo", "etc/terminfo", "lib/terminfo", "usr/lib/terminfo"].contains {
            let file = build.stage.tree.appending("\($0)/\(first)/\(terminal)")
            return (try? FileStatus.of(file)) ?? nil != nil
        }
    }
}
