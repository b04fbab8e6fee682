internal import Sites

/// A reason to refuse a push: the problem that it would cause, and where.
package struct PushRefusal: Sendable, Hashable, Codable {
    /// The branch name, or the full name of another reference.
    package let ref: String
    /// The path of the file, if the problem is in one.
    package let file: String?
    /// The line, counted from 1, if known.
    package let line: Int?
    /// The problem.
    package let message: String
    /// The change to make or command to run.
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

/// The decision on a push.
package struct PushVerdict: Sendable, Hashable, Codable {
    /// The reasons to refuse it; it is accepted when there are none.
    package private(set) var refusals: [PushRefusal] = []
    /// Mistakes in branches that it does not change, which existed before.
    package private(set) var warnings: [PushRefusal] = []
    private var known: Set<PushRefusal> = []

    private enum CodingKeys: CodingKey { case refusals, warnings }

    /// Adds refusals, each only once: several sites may use the same branch.
    mutating func refuse(_ found: [PushRefusal]) {
        for refusal in found where known.insert(refusal).inserted { refusals.append(refusal) }
    }

    mutating func warn(_ found: [PushRefusal]) {
        for warning in found where known.insert(warning).inserted { warnings.append(warning) }
    }
}
