/// Which git-zentoo this is.
enum Version {
    /// By the rules of semver.org; a release is tagged `v` and this.
    static let current = "0.1.0"

    /// As git says it: `git version 2.39.5`.
    static let sentence = "git-zentoo version \(current)"
}
