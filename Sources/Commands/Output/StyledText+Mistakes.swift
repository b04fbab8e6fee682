extension StyledText {
    /// Creates the number of mistakes for a table; empty if there are none.
    init(mistakes count: Int) {
        switch count {
        case 0: self.init("")
        case 1: self.init("1 mistake", .bad)
        default: self.init("\(count) mistakes", .bad)
        }
    }
}
