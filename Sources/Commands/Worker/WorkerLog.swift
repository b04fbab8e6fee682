internal import Builds
internal import Server

/// The reports of a worker: each event goes to the log, the state to the
/// service manager, and the endings of builds to the notifiers.
struct WorkerLog: Sendable {
    let output: Output
    let manager: ServiceManager
    let notifiers: Notifiers

    /// Runs `body`, the worker, and notifies the service manager of its start
    /// and end.
    func whileRunning<Result>(_ body: () async throws -> Result) async throws -> Result {
        manager.tell("READY=1")
        defer { manager.tell("STOPPING=1") }
        return try await body()
    }

    func tell(_ event: WorkerEvent) async {
        switch event {
        case .found(let outcomes):
            output.status("found pushes that nobody had queued")
            output.message(QueuedPage(outcomes: outcomes, pause: nil).page)
        case .freed(let entry):
            output.status("\(entry.key): its worker died, it waits again")
        case .began(let entry):
            output.status("\(entry.key): begun, pushed by \(entry.pusher)")
        case .build(let entry, let event):
            tell(event, of: entry)
        case .ended(let ending):
            tell(ending)
            for problem in await notifiers.tell(ending) { output.warning("\(problem)") }
        case .obstacle(let what):
            output.warning("\(what)")
        case .left(let keys, let pause):
            let why =
                pause.map { ": the queue was paused by '\($0.by)'" }
                ?? ": it is tried again later, or another worker's turn"
            output.warning("\(Amount.of(keys.count, "entry", "entries")) left waiting\(why)")
            for key in keys.prefix(10) { output.status("  \(key)") }
            if pause != nil { output.hint("git zentoo queue resume") }
        case .state(let running, let waiting, let pause):
            let doing =
                running.isEmpty
                ? pause == nil ? "idle" : "paused" : "building \(running.joined(separator: ", "))"
            manager.tell("WATCHDOG=1\nSTATUS=\(doing); \(waiting) waiting")
        }
    }

    private func tell(_ event: BuildEvent, of entry: QueueEntry) {
        switch event {
        case .waiting(let what): output.status("\(entry.key): waiting for \(what)")
        case .began(let build): output.status("\(entry.key): build \(build)")
        case .planned(let plan, _):
            output.status(
                "\(entry.key): to compile: \(plan.built), from the pool: \(plan.reused)")
        case .unsandboxed(let feature):
            output.warning("\(entry.key): Portage built without \(feature)")
        case .note(let text): output.status("\(entry.key): \(text)")
        case .warning(let text): output.warning("\(entry.key): \(text)")
        case .preparing(let what): output.detail("\(entry.key): preparing \(what)")
        case .step(let step): output.detail("\(entry.key): \(BuildStep.sentence(step))")
        case .package(let index, let total, let cpv, _):
            output.detail("\(entry.key): [\(index)/\(total)] \(cpv)")
        case .phase, .completed: break
        }
    }

    private func tell(_ ending: WorkerEnding) {
        let key = ending.entry.key
        if let report = ending.report {
            output.message(BuildSummary(builds: [report]).page)
        } else if ending.kind == .failed || ending.kind == .postponed {
            output.warning("\(key): \(ending.reason ?? "failed")")
        }
        if ending.kind == .failed || ending.kind == .postponed {
            for hint in ending.hints { output.hint("\(hint)") }
        }
        switch ending.kind {
        case .built, .failed: break
        case .postponed: output.status("\(key): tried again later")
        case .requeued: output.status("\(key): given back")
        case .cancelled: output.status("\(key): cancelled")
        case .superseded: output.status("\(key): stopped for a newer push")
        }
    }
}
