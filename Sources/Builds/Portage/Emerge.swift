/// The emerge(1) commands of a build.
///
/// Every option that affects the reuse of a binary package is given explicitly:
/// EMERGE_DEFAULT_OPTS of a branch must not change the meaning of a tuple, and
/// some options silently change others (`--usepkgonly` turns
/// `--binpkg-respect-use` off, emerge(1)).
package struct Emerge {
    /// Whether this Portage supports `--binpkg-respect-user-patches`.
    let comparesPatches: Bool
    /// Packages, `category/name`, that are compiled even if a binary package
    /// could be used.
    package var compiled: [String] = []

    /// Creates the command lines for one version of Portage.
    package init(comparesPatches: Bool, compiled: [String] = []) {
        self.comparesPatches = comparesPatches
        self.compiled = compiled
    }

    /// Runs emerge such that neither options set in a root nor the libc in its
    /// package database have an effect (emerge.py).
    private static let program = ["python3", "\(PortageScripts.mountPoint)/emerge.py"]
    /// The same for binary packages alone, many times as fast.
    private static let nativeProgram = ["python3", "\(PortageScripts.mountPoint)/merge.py"]
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

    /// Returns the arguments with which emerge prints its plan.
    func pretend(_ goal: MergeGoal) -> [String] {
        Self.plain + ["--pretend", "--verbose"] + merging(goal)
    }

    /// Returns the command that fetches the sources of what a merge would
    /// compile.
    package func fetch(_ goal: MergeGoal) -> [String] {
        Self.program + Self.plain + ["--fetchonly"] + merging(goal)
    }

    /// Returns the command that merges: binary packages if they match, else
    /// compiled.
    ///
    /// - Parameter isNative: whether `merge.py` merges the binary packages that
    ///   wait for nothing to be compiled, where it can.
    package func merge(_ goal: MergeGoal, jobs: Int, isNative: Bool = false) -> [String] {
        (isNative ? Self.nativeProgram : Self.program) + Self.plain
            + ["--verbose", "--jobs=\(jobs)", "--keep-going=y"] + merging(goal)
    }

    /// Returns the command that merges the set from binary packages alone.
    ///
    /// Patches need not be compared: the record determines the packages.
    ///
    /// - Parameter isNative: whether `merge.py` merges them, where it can.
    func assemble(_ packages: String, jobs: Int, isNative: Bool = true) -> [String] {
        (isNative ? Self.nativeProgram : Self.program) + Self.plain
            + ["--verbose", "--jobs=\(jobs)", "--usepkgonly"] + respecting
            + ["--update", "--deep", "--newuse", "--with-bdeps=n", "@\(packages)"]
    }
}
