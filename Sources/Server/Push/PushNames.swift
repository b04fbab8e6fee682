internal import Git
internal import Records
internal import Sites

/// The check of which references may be pushed, by name.
struct PushNames {
    /// Whether the pusher may write results.
    let isBuilder: Bool

    /// Returns why a change is refused regardless of its content; nil when it
    /// is not.
    func refusal(of change: Push.Change) -> PushRefusal? {
        if "\(change.name)/".hasPrefix(BuildQueue.prefix) {
            return PushRefusal(
                ref: change.shown, message: "the queue is the server's alone",
                hint: "push a branch, or use 'git zentoo queue' on the server")
        }
        if Self.isResult(change.name) {
            if isBuilder { return nil }
            return PushRefusal(
                ref: change.shown, message: "what was built is the server's to record",
                hint: "who builds elsewhere is listed on the server: "
                    + "git config --add zentoo.allowBuilder NAME")
        }
        if let refusal = Self.refusalForAll(change) { return refusal }
        // Deleting a branch that should not exist is allowed.
        guard let branch = change.branch, change.new != nil else { return nil }
        let parts = branch.split(separator: "/", maxSplits: 1)
        guard let kind = BranchKind(rawValue: String(parts[0])) else {
            guard branch == "root" else { return nil }
            return blocking(change, "root")
        }
        guard parts.count == 2 else { return blocking(change, kind.rawValue) }
        guard ZentooName.isValid(String(parts[1])) else {
            return PushRefusal(
                ref: change.shown,
                message: "'\(parts[1])' is not a valid name for a \(kind.rawValue) branch",
                hint: "a name is made of a-z, 0-9, '.', '_', '+' and '-': "
                    + "git branch -m \(kind.rawValue)/NAME")
        }
        return nil
    }

    private func blocking(_ change: Push.Change, _ folder: String) -> PushRefusal {
        PushRefusal(
            ref: change.shown, message: "the branch would keep '\(folder)/NAME' from existing",
            hint: "push it under another name: git push REMOTE \(folder):refs/heads/NAME")
    }

    /// Returns why a change is refused for everyone, builders included.
    private static func refusalForAll(_ change: Push.Change) -> PushRefusal? {
        if change.name.hasPrefix("refs/replace/") {
            return PushRefusal(
                ref: change.shown, message: "git would show other objects than were built",
                hint: "commit the change on a branch")
        }
        // They would be used in place of branches that do not exist.
        if change.name.hasPrefix("refs/remotes/") {
            return PushRefusal(
                ref: change.shown, message: "what is fetched from elsewhere is not pushed",
                hint: "push a branch")
        }
        return nil
    }

    /// Whether a reference records what was built, or is a root's branch.
    static func isResult(_ name: String) -> Bool {
        // The records of other repositories count like our own.
        if name.hasPrefix("refs/notes/"), name.hasSuffix("/\(RecordNotes.name)") { return true }
        return ["refs/tags/zentoo", "refs/notes/zentoo", "refs/heads/root/"]
            .contains { name.hasPrefix($0) }
            || name == "refs/zentoo" || name.hasPrefix("refs/zentoo/")
    }
}
