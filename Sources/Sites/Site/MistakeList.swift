/// Mistakes in the order they are found, each once: that of a branch shows in
/// every tuple made of it.
struct MistakeList {
    private(set) var mistakes: [Mistake] = []
    private var known: Set<Mistake> = []

    mutating func add(_ found: [Mistake]) {
        for mistake in found where known.insert(mistake).inserted { mistakes.append(mistake) }
    }
}
