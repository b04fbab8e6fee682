internal import SystemPackage

/// The labels by which what belongs to a job is known to a daemon.
enum ContainerLabels {
    /// Bears the job's id.
    static let job = "zentoo.job"
    /// Bears the state directory of who controls the job.
    static let state = "zentoo.state"

    /// The arguments that give a job's labels to what belongs to it.
    ///
    /// - Parameter option: Docker's for labels of that.
    static func words(of job: String, in state: FilePath, as option: String) -> [String] {
        [option, "\(Self.job)=\(job)", option, "\(Self.state)=\(state)"]
    }

    /// The arguments that find what a state directory's jobs have left.
    static func filter(of state: FilePath) -> [String] {
        ["--filter", "label=\(Self.state)=\(state)"]
    }
}
