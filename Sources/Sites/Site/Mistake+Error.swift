extension Mistake {
    /// An error of a value in a line, told as a mistake of the line.
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
