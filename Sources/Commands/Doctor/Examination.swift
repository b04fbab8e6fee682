internal import Builds
internal import Engines
internal import Exec
internal import Files
internal import Git
internal import Records
internal import Roots
internal import Sites
internal import Upkeep

/// All checks of `git zentoo doctor`, run one after the other. An error in one
/// of them becomes a finding and does not stop the others.
struct Examination {
    let context: CommandContext
    let site: SiteOptions

    /// Runs the checks and returns their findings.
    ///
    /// - Throws: `CancellationError`.
    func findings() async throws -> [Finding] {
        var findings = [try await git(), libgit2()]
        findings += ProgramCheck(privileges: .current(launcher: context.executable)).findings()
        let session: Session
        do {
            session = try await Session.open(context, site)
        } catch let error where !(error is CancellationError) {
            return findings + [finding(.warn, "repository", error)]
        }
        findings.append(Finding(.ok, "repository", "\(session.repository.gitDirectory)"))
        findings += StateCheck(session.settings.state).findings()
        findings += try await machine(of: session)
        findings += attempt("leftovers") {
            try LeftoverCheck(session.repository, state: session.settings.state).findings()
        }
        findings += attempt("roots") {
            try RootCheck(session.repository, state: session.settings.state).findings()
        }
        findings += attempt("site") {
            try SiteCheck(session.site(), store: session.stageStore).findings()
        }
        findings += attempt("shells") {
            let site = try session.site(storing: false)
            return try shells(ShellFile(site, ResultReader(session.repository)))
        }
        return findings
    }

    private func git() async throws -> Finding {
        let git = GitProgram(environment: context.environment)
        do {
            let version = try await git.version()
            try await git.requireMinimumVersion()
            return Finding(.ok, "git", "\(version)")
        } catch let error where !(error is CancellationError) {
            return finding(.fail, "git", error)
        }
    }

    private func libgit2() -> Finding {
        let version = LibraryVersion.current
        guard version >= .minimum else {
            return Finding(
                .warn, "libgit2", "\(version) is older than \(LibraryVersion.minimum)",
                hints: ["emerge dev-libs/libgit2", "apt install libgit2-dev"])
        }
        return Finding(.ok, "libgit2", "\(version)")
    }

    private func machine(of session: Session) async throws -> [Finding] {
        let machine: Machine
        do {
            machine = try await session.machine()
        } catch let error as ExecError {
            return [
                Finding(
                    .fail, "identity", "git does not know who commits: \(error.detail)",
                    hints: ["git config user.name NAME", "git config user.email ADDRESS"])
            ]
        } catch let error where !(error is CancellationError) {
            return [finding(.fail, "engine", error)]
        }
        let who = Finding(.ok, "identity", "\(machine.identity.name) <\(machine.identity.email)>")
        var findings = [who]
        for (name, isUsual) in engines(of: session, machine) {
            do {
                // Every build also creates this directory first.
                try Directory.create(machine.state.path)
                try await machine.engines?.engine(name).check()
                findings.append(Finding(.ok, "engine", "'\(name.rawValue)' runs jobs"))
            } catch let error where !(error is CancellationError) {
                findings.append(finding(isUsual ? .fail : .warn, "engine", error))
            }
        }
        return findings
    }

    /// Returns the usual engine and those that the site's tuples name.
    private func engines(
        of session: Session, _ machine: Machine
    ) -> [(name: EngineName, isUsual: Bool)] {
        guard let engines = machine.engines else { return [] }
        var named: Set<EngineName> = []
        if let site = try? session.site(storing: false) {
            named = Set(
                site.declaredTuples.compactMap { site.tuplesFile.options(of: $0).engine })
        }
        return [(engines.usual, true)]
            + EngineName.allCases.filter { named.contains($0) && $0 != engines.usual }
            .map { ($0, false) }
    }

    private func shells(_ file: ShellFile) -> [Finding] {
        guard file.isPresent else { return [] }
        guard !file.isCurrent else { return [Finding(.ok, "shells", ShellFile.path)] }
        return [
            Finding(
                .warn, "shells", "\(ShellFile.path) is not what would be made now",
                hints: ["git zentoo engine compose --write"])
        ]
    }

    private func attempt(_ subject: String, _ body: () throws -> [Finding]) -> [Finding] {
        do { return try body() } catch { return [finding(.fail, subject, error)] }
    }

    private func finding(
        _ level: Finding.Level, _ subject: String, _ error: any Error
    ) -> Finding {
        let report = ErrorReport(error)
        return Finding(level, subject, report.message, hints: report.hints)
    }
}
