internal import Sites

extension Page {
    /// Adds mistakes in the style of a compiler: place, message and hint.
    mutating func mistakes(_ mistakes: [Mistake]) {
        for mistake in mistakes {
            line("\("error:", .bad) \(mistake.place): \(mistake.message)")
            if let hint = mistake.hint { line("\("hint:", .name) \(hint)") }
        }
    }
}
