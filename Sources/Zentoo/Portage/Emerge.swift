/// The emerge(1) commands of a build.
///
/// Every choice that a binary package's reuse depends on is written out:
/// EMERGE_DEFAULT_OPTS of a branch must not change what a tuple means, and
/// some options switch others silently (`--usepkgonly` turns
/// `--binpkg-respect-use` off, emerge(1)).
enum Emerge {
    private static let plain = ["emerge", "--ignore-default-opts", "--color=n", "--nospinner"]

    private static func merging(_ packages: String) -> [String] {
        [
            "--update", "--deep", "--newuse", "--with-bdeps=y", "--usepkg",
            "--binpkg-respect-use=y", "--binpkg-changed-deps=y", "--buildpkg", "@\(packages)",
        ]
    }

    /// Tells what a merge would do.
    static func pretend(_ packages: String) -> [String] {
        plain + ["--pretend", "--verbose"] + merging(packages)
    }

    /// Fetches the sources of what a merge would build.
    static func fetch(_ packages: String) -> [String] {
        plain + ["--fetchonly"] + merging(packages)
    }

    /// Merges the set: from binary packages where they fit, else built.
    static func merge(_ packages: String, jobs: Int) -> [String] {
        plain + ["--verbose", "--jobs=\(jobs)", "--keep-going=y"] + merging(packages)
    }

    /// Merges the set from binary packages alone.
    static func assemble(_ packages: String, jobs: Int) -> [String] {
        plain + [
            "--verbose", "--jobs=\(jobs)", "--usepkgonly", "--binpkg-respect-use=y",
            "--update", "--deep", "--newuse", "--with-bdeps=n", "@\(packages)",
        ]
    }

    /// Removes packages, whatever depends on them.
    static func unmerge(_ atoms: [String]) -> [String] {
        plain + ["--rage-clean", "--"] + atoms
    }
}
