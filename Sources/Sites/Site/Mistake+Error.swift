extension Mistake {
    /// Creates a mistake from an error in a value of a line.
    init(ref: String?, file: String, line: Int, _ error: any Error) {
        let hint: String? =
            switch error {
            case let error as ZentooError: error.hints.first
            case let error as StageError: error.hints.first
            case let error as RepositoryError: error.hints.first
            default: nil
            }
        self.init(ref: ref, file: file, line: line, message: "\(error)", hint: hint)
    }
}
