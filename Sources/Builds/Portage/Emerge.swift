/// The emerge(1) commands of a build.
///
/// Every choice that a binary package's reuse depends on is written out:
/// EMERGE_DEFAULT_OPTS of a branch must not change what a tuple means, and
/// some options switch others silently (`--usepkgonly` turns
/// `--binpkg-respect-use` off, emerge(1)).
package struct Emerge {
    /// Whether this Portage knows `--binpkg-respect-user-patches`.
    let comparesPatches: Bool
    /// Packages, `category/name`, that are compiled even where a binary
    /// package would do.
    package var compiled: [String] = []

    /// The command lines for one Portage.
    package init(comparesPatches: Bool, compiled: [String] = []) {
        self.comparesPatches = comparesPatches
        self.compiled = compiled
    }

    /// Neither the options that a root sets nor the libc in its package database
    /// decide anything (emerge.py).
    private static let program = ["python3", "\(PortageScripts.mountPoint)/emerge.py"]
    private static let plain = ["--ignore-default-opts", "--color=n", "--nospinner"]

    private var respecting: [String] {
        ["--binpkg-respect-use=y"]
            + (comparesPatches ? ["--binpkg-respect-user-patches=y"] : [])
    }

    private func merging(_ goal: MergeGoal) -> [String] {
        goal.options + ["--usepkg"] + respecting
            + compiled.map { "--usepkg-exclude=\($0)" }
            + ["--binpkg-changed-deps=y", "--buildpkg"] + goal.targets
    }

    /// The arguments with which emerge tells what a merge would do.
    func pretend(_ goal: MergeGoal) -> [String] {
        Self.plain + ["--pretend", "--verbose"] + merging(goal)
    }

    /// Fetches the sources of what a merge would build.
    package func fetch(_ goal: MergeGoal) -> [String] {
        Self.program + Self.plain + ["--fetchonly"] + merging(goal)
    }

    /// Merges: from binary packages where they fit, else built.
    package func merge(_ goal: MergeGoal, jobs: Int) -> [String] {
        Self.program + Self.plain
            + ["--verbose", "--jobs=\(jobs)", "--keep-going=y"] + merging(goal)
    }

    /// Merges the set from binary packages alone.
    ///
    /// Patches are not asked for: the record says which packages it is.
    func assemble(_ packages: String, jobs: Int) -> [String] {
        Self.program + Self.plain
            + ["--verbose", "--jobs=\(jobs)", "--usepkgonly"] + respecting
            + ["--update", "--deep", "--newuse", "--with-bdeps=n", "@\(packages)"]
    }
}
