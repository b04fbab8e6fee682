internal import Builds
internal import Records

/// The display of running builds: one live line on a terminal, a line for each
/// package elsewhere.
enum BuildProgress {
    /// Runs `build` for each tuple, up to `limit` at once, and returns the
    /// reports in the order of the tuples, including those already `known`.
    ///
    /// A tuple that cannot be started does not stop the others: its error is
    /// shown, and its report is missing.
    ///
    /// - Throws: the error, if there is only one tuple; `CancellationError`.
    static func run(
        _ tuples: [String], known: [String: TupleReport] = [:], atOnce limit: Int,
        output: Output,
        build:
            @escaping @Sendable (
                _ tuple: String, _ report: @escaping @Sendable (BuildEvent) -> Void
            ) async throws -> TupleReport
    ) async throws -> [TupleReport] {
        let finished = tuples.compactMap { known[$0] }
        if finished.count == tuples.count { return finished }
        return try await output.withProgress(
            tuples.count == 1 ? "building '\(tuples[0])'" : "building \(tuples.count) tuples"
        ) { meter in
            var results: [Int: Result<TupleReport, any Error>] = [:]
            for (index, tuple) in tuples.enumerated() {
                results[index] = known[tuple].map { .success($0) }
            }
            try await withThrowingTaskGroup(
                of: (Int, Result<TupleReport, any Error>).self
            ) { group in
                var due = Array(tuples.enumerated().filter { known[$0.element] == nil })[...]
                func start() {
                    guard let (index, tuple) = due.popFirst() else { return }
                    let name = tuples.count == 1 ? nil : tuple
                    group.addTask {
                        do {
                            let report = try await build(tuple) { event in
                                show(event, of: name, meter: meter, output: output)
                            }
                            return (index, .success(report))
                        } catch is CancellationError {
                            throw CancellationError()
                        } catch {
                            return (index, .failure(error))
                        }
                    }
                }
                for _ in 0..<limit { start() }
                for try await (index, result) in group {
                    results[index] = result
                    if case .failure(let error) = result, tuples.count > 1 {
                        output.error(ErrorReport(error).ofOne)
                    }
                    start()
                }
            }
            if tuples.count == 1, let result = results[0] { return [try result.get()] }
            return tuples.indices.compactMap { try? results[$0]?.get() }
        }
    }

    static func show(
        _ event: BuildEvent, of tuple: String?, meter: ProgressMeter, output: Output
    ) {
        let lead = tuple.map { "\($0): " } ?? ""
        switch event {
        case .waiting(let what):
            output.status("\(lead)waiting for \(what)")
        case .began(let build):
            output.detail("\(lead)build \(build.description)")
        case .preparing(let what):
            meter.update { state in
                state.subject = "\(lead)preparing \(what)"
                state.phase = nil
            }
        case .planned(let plan, let estimate):
            output.status(
                "\(lead)to compile: \(String(plan.built)), from the pool: \(String(plan.reused))"
            )
            meter.update { $0.estimate = estimate.map { .seconds($0) } }
        case .step(let step):
            meter.update { state in
                state.subject = lead + BuildStep.sentence(step)
                state.position = nil
                state.phase = nil
            }
        case .package(let index, let total, let cpv, let binary):
            meter.update { state in
                state.position = .init(index: index, count: total)
                state.subject = lead + cpv
                state.phase = binary ? "from the pool" : nil
            }
        case .phase(let phase):
            meter.update { $0.phase = phase }
        case .completed:
            meter.update { $0.phase = "done" }
        case .unsandboxed(let feature):
            output.warning("\(lead)Portage built without \(feature)")
        case .note(let text):
            output.status("\(lead)\(text)")
        case .warning(let text):
            output.warning("\(lead)\(text)")
        }
    }
}
