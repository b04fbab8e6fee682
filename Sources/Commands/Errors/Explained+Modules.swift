public import Engines
public import Exec
public import Files
public import Git
package import Sites

extension EngineError: Explained {}
extension FileError: Explained {}
extension GitError: Explained {}
extension RepositoryError: Explained {}
extension StageError: Explained {}

extension ZentooError: Explained {}

extension ExecError: Explained {
    /// Hints for a missing program; Exec itself does not know which program
    /// uses it.
    public var hints: [String] {
        switch code {
        case .notFound: ["'git zentoo doctor' tells what is missing and how to install it"]
        case .notStarted, .outputTooLong, .failed: []
        }
    }
}
