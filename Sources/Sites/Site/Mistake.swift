/// An error in a file that a user wrote: its place, its description and a hint
/// for fixing it.
package struct Mistake: Sendable, Hashable, Codable {
    /// The branch or commit that the file was read from, as the user names it.
    package var ref: String?
    /// The file's path in that branch.
    package var file: String
    /// The line, counted from 1, if there is one.
    package var line: Int?
    /// The description, in git's wording.
    package var message: String
    /// The command to type or the change to make.
    package var hint: String?

    /// Creates a mistake at a place.
    package init(
        ref: String? = nil, file: String, line: Int? = nil, message: String, hint: String? = nil
    ) {
        self.ref = ref
        self.file = file
        self.line = line
        self.message = message
        self.hint = hint
    }

    /// `ref:file:line`, as far as known: an argument of `git show`, followed by
    /// the line.
    package var place: String {
        (ref.map { "\($0):" } ?? "") + file + (line.map { ":\($0)" } ?? "")
    }
}
