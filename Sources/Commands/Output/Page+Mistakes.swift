internal import Sites

extension Page {
    /// Adds mistakes as a compiler tells them: where, what, and what to do.
    mutating func mistakes(_ mistakes: [Mistake]) {
        for mistake in mistakes {
            line("\("error:", .bad) \(mistake.place): \(mistake.message)")
            if let hint = mistake.hint { line("\("hint:", .name) \(hint)") }
        }
    }
}
