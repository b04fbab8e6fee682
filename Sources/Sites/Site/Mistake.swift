/// Something wrong in a file a user wrote, told so that it can be mended:
/// where it is, what it is, and what to do.
package struct Mistake: Sendable, Hashable, Codable {
    /// The branch or commit the file was read from, as the user names it.
    package var ref: String?
    /// The file's path in that branch.
    package var file: String
    /// The line, counted from 1, where one can be named.
    package var line: Int?
    /// What is wrong, in git's wording.
    package var message: String
    /// What to change or type.
    package var hint: String?

    /// A mistake at a place.
    package init(
        ref: String? = nil, file: String, line: Int? = nil, message: String, hint: String? = nil
    ) {
        self.ref = ref
        self.file = file
        self.line = line
        self.message = message
        self.hint = hint
    }

    /// `ref:file:line`, as far as known: what `git show` takes, and a line.
    package var place: String {
        (ref.map { "\($0):" } ?? "") + file + (line.map { ":\($0)" } ?? "")
    }
}
