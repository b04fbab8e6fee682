public import Exec
internal import SystemPackage

extension LocalEngine {
    /// Returns the invocation for a step: a pure function of the step, the job
    /// and the engine.
    ///
    /// - Parameters:
    ///   - step: the step to run.
    ///   - job: the job of the step.
    ///   - onTerminal: whether a user works with the step at this process'
    ///     terminal; it then gets a session with a terminal that is joined to
    ///     this one.
    public func invocation(
        for step: Step, in job: Job, onTerminal: Bool = false
    ) -> Invocation {
        let base: LocalLaunch.Base =
            switch job.root {
            case .overlay(let stage): .overlay(stage.tree)
            case .directory(let directory, _): .directory(directory)
            }
        let launch = LocalLaunch(
            makesUserNamespace: privileges != .root,
            scratch: state.appending("jobs").appending(job.id), base: base,
            isLasting: job.keepsRoot, sharesNetwork: step.network == .outside,
            isOnTerminal: onTerminal,
            mounts: step.mounts,
            confinement: confinement(of: step, onTerminal: onTerminal))
        return Invocation(
            launcher.string, [LocalLauncher.flag] + launch.arguments, workingDirectory: "/")
    }

    /// Returns the arguments of bwrap(1) after those for all mounts.
    private func confinement(of step: Step, onTerminal: Bool) -> [String] {
        var words = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "zentoo"]
        if step.network != .outside { words.append("--unshare-net") }
        words.append("--die-with-parent")
        if !onTerminal { words.append("--new-session") }
        words += ["--cap-drop", "ALL"]
        // These are capabilities in the step's own user namespace: they give no
        // power over the machine's resources, such as its network.
        let capabilities =
            Capabilities.ofPackages + Capabilities.ofSandboxes + [Capabilities.ofLoopback]
        for capability in capabilities {
            words += ["--cap-add", "CAP_\(capability)"]
        }
        words += ["--chdir", "/", "--clearenv"]
        for (name, value) in step.wholeEnvironment {
            words += ["--setenv", name, value]
        }
        return words + ["--"] + step.command
    }
}
