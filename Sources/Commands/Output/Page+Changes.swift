internal import Records

extension Page {
    /// Adds files that changed, with git's letters.
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
