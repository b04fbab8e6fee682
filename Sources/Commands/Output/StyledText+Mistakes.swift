extension StyledText {
    /// How many mistakes something has, for a table; nothing for none.
    init(mistakes count: Int) {
        switch count {
        case 0: self.init("")
        case 1: self.init("1 mistake", .bad)
        default: self.init("\(count) mistakes", .bad)
        }
    }
}
