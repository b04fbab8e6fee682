public import Engines
public import Exec

extension EngineError: Explained {}

extension ExecError: Explained {
    /// What to do about a program that is missing; Exec itself does not know
    /// whose program it is.
    public var hints: [String] {
        switch code {
        case .notFound: ["'git zentoo doctor' tells what is missing and how to install it"]
        case .notStarted, .outputTooLong, .failed: []
        }
    }
}
