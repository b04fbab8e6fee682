internal import SystemPackage

/// The labels by which the objects of a job are found on a daemon, and their
/// names.
enum ContainerLabels {
    /// The label with the job's id.
    static let job = "zentoo.job"
    /// The label with the state directory of the process that controls the job.
    static let state = "zentoo.state"
    /// The label with the name of a companion, on companions only.
    static let companion = "zentoo.companion"

    /// The maximum length of a name in a swarm.
    private static let longestName = 63

    /// Returns a name for an object of a job, in the characters that a swarm
    /// allows. A long job id is cut at the front, since its end is what
    /// distinguishes it. The name is in lower case: docker(1) finds no other
    /// network when it is given with an alias.
    static func swarmName(of job: String, _ tail: String = "") -> String {
        let plain = String(job.lowercased().map { $0 == "." ? "-" : $0 })
        let head = "zentoo-"
        return head + plain.suffix(longestName - head.count - tail.count) + tail
    }

    /// Returns the arguments that label an object of a job.
    ///
    /// - Parameters:
    ///   - job: the job's id.
    ///   - state: the state directory.
    ///   - companion: the name of the companion, if the object is one.
    ///   - option: Docker's option for labels of this kind of object.
    static func words(
        of job: String, in state: FilePath, companion: String? = nil, as option: String
    ) -> [String] {
        [option, "\(Self.job)=\(job)", option, "\(Self.state)=\(state)"]
            + (companion.map { [option, "\(Self.companion)=\($0)"] } ?? [])
    }

    /// Returns the arguments that find the objects of a state directory's jobs.
    static func filter(of state: FilePath) -> [String] {
        ["--filter", "label=\(Self.state)=\(state)"]
    }
}
