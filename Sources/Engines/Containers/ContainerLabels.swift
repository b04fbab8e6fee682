internal import SystemPackage

/// The labels by which what belongs to a job is known to a daemon, and its
/// names.
enum ContainerLabels {
    /// Bears the job's id.
    static let job = "zentoo.job"
    /// Bears the state directory of who controls the job.
    static let state = "zentoo.state"
    /// Bears the name of a companion, where it is one.
    static let companion = "zentoo.companion"

    /// How long a name may be in a swarm.
    private static let longestName = 63

    /// A name for something of a job's, of the letters that a swarm allows; of a
    /// job with a long id the end, which tells it from others. In lower case:
    /// docker(1) looks for a network that is given an alias by no other name.
    static func swarmName(of job: String, _ tail: String = "") -> String {
        let plain = String(job.lowercased().map { $0 == "." ? "-" : $0 })
        let head = "zentoo-"
        return head + plain.suffix(longestName - head.count - tail.count) + tail
    }

    /// The arguments that give a job's labels to what belongs to it.
    ///
    /// - Parameter option: Docker's for labels of that.
    static func words(
        of job: String, in state: FilePath, companion: String? = nil, as option: String
    ) -> [String] {
        [option, "\(Self.job)=\(job)", option, "\(Self.state)=\(state)"]
            + (companion.map { [option, "\(Self.companion)=\($0)"] } ?? [])
    }

    /// The arguments that find what a state directory's jobs have left.
    static func filter(of state: FilePath) -> [String] {
        ["--filter", "label=\(Self.state)=\(state)"]
    }
}
