/// The version of git-zentoo.
enum Version {
    /// The version number, by the rules of semver.org; releases are tagged `v`
    /// followed by it.
    static let current = "0.1.0"

    /// The version in git's form: `git version 2.39.5`.
    static let sentence = "git-zentoo version \(current)"
}
