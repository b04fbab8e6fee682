/// The same work done by several programs, git-zentoo first.
struct Race {
    /// One of the programs.
    struct Contender {
        let name: String
        let program: Program
        /// Restores the same initial state before each run; not measured.
        var prepare: () async throws -> Void = {}
        /// How many times the work must be repeated to equal that of the others, if it
        /// can do no more at once: its figures are multiplied by this.
        var times = 1
    }

    /// The goal for git-zentoo, at full size.
    enum Goal {
        /// At most this time.
        case within(Duration)
        /// At most the time of the second contender times this factor, plus this time.
        case beside(Double, plus: Duration = .zero)
        /// This many times as fast as each of the others, in their order.
        case faster([Double])
    }

    let title: String
    var goal: Goal?
    var contenders: [Contender]
    /// Whether a first round that fills caches is not counted; runs of minutes are
    /// not affected by caches.
    var warmsUp = true

    /// Runs all contenders in turn, `rounds` times, so that other load on the
    /// machine affects all of them.
    ///
    /// - Parameter measuresMemory: whether git-zentoo may be run once more only for
    ///   that.
    func run(rounds: Int, measuresMemory: Bool = true) async throws -> Table {
        var measured: [[Measurement]] = contenders.map { _ in [] }
        for round in (warmsUp && rounds > 0 ? 0 : 1)...max(rounds, 1) {
            for (index, contender) in contenders.enumerated() {
                try await contender.prepare()
                let measurement = try contender.program.measure()
                if round > 0 { measured[index].append(measurement) }
            }
        }
        var rows = zip(contenders, measured).map { contender, runs in
            Table.Row(name: contender.name, times: contender.times, runs: runs)
        }
        // One more run, of git-zentoo only.
        if measuresMemory, let ours = contenders.first, rows[0].memory == nil {
            try await ours.prepare()
            rows[0].memory = try await ours.program.measureMemory()
        }
        return Table(title: title, goal: goal, rows: rows)
    }

    /// The results of a race.
    struct Table {
        struct Row {
            let name: String
            let times: Int
            let runs: [Measurement]
            /// The maximum memory of all runs in bytes; nil if unknown.
            var memory: Int?

            init(name: String, times: Int, runs: [Measurement]) {
                self.name = name
                self.times = times
                self.runs = runs
                memory = runs.compactMap(\.memory).max()
            }

            var wall: [Double] { runs.map { $0.wall.milliseconds * Double(times) }.sorted() }
            var cpu: Double { runs.map { $0.cpu.milliseconds * Double(times) }.median }
        }

        let title: String
        let goal: Goal?
        let rows: [Row]
    }
}

extension Race.Table: CustomStringConvertible {
    /// Milliseconds: the median, the minimum and the maximum; then the processor
    /// time, the maximum memory if known, and the ratio to the first.
    var description: String {
        let ours = rows.first?.wall.median ?? 0
        let width = (rows.map { $0.name.count + ($0.times > 1 ? 8 : 0) }.max() ?? 0) + 2
        var text = title + "\n"
        text += "".padded(to: width) + "    median     least      most       cpu  memory  ratio\n"
        for row in rows {
            let wall = row.wall
            text += (row.times > 1 ? "\(row.name) x \(row.times)" : row.name).padded(to: width)
            for figure in [wall.median, wall.first ?? 0, wall.last ?? 0, row.cpu] {
                text += figure.text.aligned(to: 10)
            }
            text += (row.memory.map { (Double($0) / 1e6).text } ?? "-").aligned(to: 8)
            text += (wall.median / ours).text.aligned(to: 7) + "\n"
        }
        if let goal { text += judged(by: goal, ours) + "\n" }
        return text
    }

    private func judged(by goal: Race.Goal, _ ours: Double) -> String {
        let others = rows.dropFirst().map(\.wall.median)
        switch goal {
        case .within(let limit):
            return verdict("at most \(limit.milliseconds.text) ms", ours <= limit.milliseconds)
        case .beside(let factor, let start):
            let besides = start == .zero ? "" : " and \(start.milliseconds.text) ms"
            return verdict(
                "at most \(factor.text) times the other\(besides)",
                ours <= (others.first ?? 0) * factor + start.milliseconds)
        case .faster(let factors):
            return verdict(
                "faster by " + factors.map(\.text).joined(separator: " and "),
                zip(others, factors).allSatisfy { $0 >= ours * $1 })
        }
    }

    private func verdict(_ goal: String, _ isMet: Bool) -> String {
        "goal: \(goal): \(isMet ? "met" : "missed")"
    }
}

extension [Double] {
    var median: Double {
        let sorted = sorted()
        guard let upper = sorted.dropFirst(count / 2).first else { return 0 }
        return count % 2 == 1 ? upper : (upper + sorted[count / 2 - 1]) / 2
    }
}

extension Duration {
    var milliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
    }
}

extension Double {
    /// Three significant digits, or all digits before the point.
    fileprivate var text: String {
        let digits = self < 10 ? 2 : self < 100 ? 1 : 0
        let scale = [1.0, 10, 100][digits]
        let scaled = Int((self * scale).rounded())
        guard digits > 0 else { return "\(scaled)" }
        let fraction = "\(scaled % Int(scale))"
        return "\(scaled / Int(scale))."
            + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }

    fileprivate func aligned(to width: Int) -> String {
        String(repeating: " ", count: Swift.max(0, width - count)) + self
    }
}
