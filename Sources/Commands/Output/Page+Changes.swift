internal import Records

extension Page {
    /// Adds changed files with git's status letters.
    mutating func changes(_ changes: [PathChange], indent: String = "  ") {
        for change in changes {
            line("\(indent)\(change.status.rawValue, Self.style(change.status))  \(change.path)")
        }
    }

    private static func style(_ status: PathChange.Status) -> StyledText.Style {
        switch status {
        case .added: .good
        case .deleted: .bad
        case .modified, .typeChanged: .notice
        }
    }
}
