/// Mistakes in the order in which they are found, each once: a mistake in a
/// branch appears in every tuple that uses it.
struct MistakeList {
    private(set) var mistakes: [Mistake] = []
    private var known: Set<Mistake> = []

    mutating func add(_ found: [Mistake]) {
        for mistake in found where known.insert(mistake).inserted { mistakes.append(mistake) }
    }
}
