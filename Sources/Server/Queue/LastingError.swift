internal import Engines
internal import Files
internal import Git
internal import Sites
internal import SystemPackage

/// Distinguishes permanent errors, which last until something is changed, from
/// temporary ones.
enum LastingError {
    /// Whether trying again is useless.
    static func isOne(_ error: any Error) -> Bool {
        switch error {
        case let error as ZentooError: lasts(error.code)
        case let error as StageError: lasts(error.code)
        case let error as RepositoryError: lasts(error.code)
        case let error as EngineError: error.code == .unsupported
        case let error as FileError: lasts(error.errno)
        case let error as GitError: lasts(error.code)
        case let error as Errno: lasts(error)
        default: false
        }
    }

    /// Returns the hints of an error.
    static func hints(of error: any Error) -> [String] {
        switch error {
        case let error as ZentooError: error.hints
        case let error as StageError: error.hints
        case let error as RepositoryError: error.hints
        case let error as EngineError: error.hints
        case let error as FileError: error.hints
        case let error as GitError: error.hints
        default: []
        }
    }

    private static func lasts(_ code: ZentooError.Code) -> Bool {
        switch code {
        // Problems of a tuple are permanent.
        case .mistakes, .notFound, .invalidName, .ambiguous, .unbuildable, .unsupported: true
        case .exists, .damaged, .busy, .failed: false
        }
    }

    private static func lasts(_ code: StageError.Code) -> Bool {
        switch code {
        case .unsupported, .notSigned, .otherKey, .expired, .revoked, .lockMismatch, .notARoot,
            .tooLarge:
            true
        // A mount may be missing, a download may have been damaged.
        case .notFound, .fetch, .badSignature, .digestMismatch, .unpack, .absent: false
        }
    }

    private static func lasts(_ code: RepositoryError.Code) -> Bool {
        switch code {
        case .invalidSource, .noRevision, .contentMismatch, .notARepository, .otherName: true
        case .notFound, .fetch: false
        }
    }

    private static func lasts(_ code: GitError.Code) -> Bool {
        switch code {
        case .invalidName, .unsupported, .invalid: true
        case .system(let number): lasts(Errno(rawValue: number))
        case .notFound, .conflict, .locked, .ambiguous, .notOwner, .other: false
        }
    }

    /// Errors caused by a name, a link target or a kind of file, not by the
    /// state of the machine.
    private static func lasts(_ errno: Errno) -> Bool {
        [.fileNameTooLong, .invalidArgument, .tooManySymbolicLinkLevels, .illegalByteSequence]
            .contains(errno)
    }
}
