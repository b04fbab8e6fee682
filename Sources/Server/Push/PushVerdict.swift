internal import Sites

/// Why a push is refused: what would be wrong afterwards, and where.
package struct PushRefusal: Sendable, Hashable, Codable {
    /// A branch's name, or the full name of another reference.
    package let ref: String
    /// The file's path there, where it is about one.
    package let file: String?
    /// The line, counted from 1, where one can be named.
    package let line: Int?
    /// What is wrong.
    package let message: String
    /// What to change or type.
    package let hint: String?

    init(ref: String, file: String? = nil, message: String, hint: String?) {
        self.ref = ref
        self.file = file
        line = nil
        self.message = message
        self.hint = hint
    }

    init(_ mistake: Mistake) {
        ref = mistake.ref ?? ""
        file = mistake.file
        line = mistake.line
        message = mistake.message
        hint = mistake.hint
    }

    /// A server whose HEAD names a branch that does not exist checks and builds
    /// nothing.
    static func absentSite(_ branch: String) -> PushRefusal {
        PushRefusal(
            ref: "HEAD",
            message: "branch '\(branch)' does not exist and no site is configured: "
                + "nothing is checked and nothing is built",
            hint: "on the server: git symbolic-ref HEAD refs/heads/BRANCH, "
                + "or git config zentoo.site BRANCH")
    }

    /// `ref:file:line`, as far as known.
    package var place: String {
        ref + (file.map { ":\($0)" } ?? "") + (line.map { ":\($0)" } ?? "")
    }
}

/// What becomes of a push.
package struct PushVerdict: Sendable, Hashable, Codable {
    /// Why it is refused; it is taken when there is no reason.
    package private(set) var refusals: [PushRefusal] = []
    /// What is wrong in branches that it leaves alone, and was wrong before.
    package private(set) var warnings: [PushRefusal] = []
    private var known: Set<PushRefusal> = []

    private enum CodingKeys: CodingKey { case refusals, warnings }

    /// Adds reasons, each once: sites share branches.
    mutating func refuse(_ found: [PushRefusal]) {
        for refusal in found where known.insert(refusal).inserted { refusals.append(refusal) }
    }

    mutating func warn(_ found: [PushRefusal]) {
        for warning in found where known.insert(warning).inserted { warnings.append(warning) }
    }
}
