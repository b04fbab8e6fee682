internal import Builds
internal import Engines
internal import Files
internal import Sites
internal import SystemPackage

/// The job of a session in a root as plain data.
struct SessionJobs {
    /// The jobs of a build of the work tree as it was when the session began.
    let build: BuildJobs
    let packages: SessionPackages
    let place: RootPlace
    let options: SessionOptions
    /// The mounts of the patch work in this root.
    let patches: [Mount]
    /// The job whose kept root is resumed, if any.
    let resumed: String?

    /// The directory where Portage's phases write their environment.
    static let witnessMountPoint = "/run/zentoo/witness"
    /// The step with the shell, or the command.
    static let sessionStep = "session"

    /// The same directory outside of the root, to be read after the session.
    var witness: FilePath { build.view.out.appending("witness") }

    /// The job: the root's preparation as in a build, then the session.
    var job: Job {
        Job(
            id: resumed ?? "\(build.id)-enter", root: .overlay(build.stage),
            steps: (resumed == nil ? build.preparation : []) + [session],
            keepsRoot: options.keeps)
    }

    private var session: Step {
        step(portage: .readWrite(source: place.tree.appending("etc/portage"), target: Self.portage))
    }

    /// Returns the step with the shell or command.
    ///
    /// - Parameter portage: the mount at /etc/portage.
    func step(portage: Mount) -> Step {
        Step(
            name: Self.sessionStep, command: command, environment: environment,
            mounts: mounts(portage: portage), network: .outside,
            // A shell is needed most to find out why a hook fails.
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

    /// The environment, as in a build where it affects what is compiled.
    private var environment: [String: String] {
        var environment = build.environment.merging(packages.environment) { $1 }
        environment["NOCOLOR"] = nil
        environment["TERM"] = terminal
        if options.command.isEmpty { environment["ZENTOO_SHELL_OF"] = place.name.text }
        return environment
    }

    private static let portage = "/etc/portage"

    private func mounts(portage: Mount) -> [Mount] {
        build.view.mounts(distfiles: .readWrite, depcache: .readWrite).map { mount in
            if case .readOnly(_, Self.portage) = mount { portage } else { mount }
        } + packages.mounts + patches
            + [.readWrite(source: witness, target: Self.witnessMountPoint)]
    }

    /// Creates the directories that the job needs.
    ///
    /// - Throws: `FileError`.
    func prepare() throws {
        try packages.prepare()
        try Directory.create(witness)
    }

    /// The user's terminal type if the stage has a terminfo entry for it, else
    /// the most likely one that it has; see term(7).
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
