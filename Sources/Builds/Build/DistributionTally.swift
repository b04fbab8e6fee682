internal import Records

/// Counts what other machines compile for a build, from the output of
/// distcc(1), distccd(1) and `distribute.py`.
struct DistributionTally {
    private var compilers = 0
    private var compiled = 0
    private var undistributed = 0
    /// The number of those that a compiler accepted and that failed there.
    private var wrong = 0

    var counts: BuildResult.Distribution {
        .init(compilers: compilers, compiled: compiled, missed: max(0, undistributed - wrong))
    }

    /// The source file that `distribute.py` compiles on each machine as a test.
    private static let probe = "zentoo-probe.c"

    /// Counts a line of a compiler's log, which has one for each compilation.
    mutating func takeCompiler(_ line: String) {
        if line.contains("COMPILE_OK"), !line.contains(Self.probe) { compiled += 1 }
    }

    /// Counts a line of a package's log.
    mutating func takePackage(_ line: String) {
        if line.contains("failed to distribute") { undistributed += 1 }
        // distcc prints this line in addition to, and before, the one above.
        if line.contains("failed, retrying locally") { wrong += 1 }
    }

    /// Counts a line of the merge.
    ///
    /// - Returns: a warning for the user; nil if there is none.
    mutating func takeMerge(_ line: String) -> String? {
        guard line.hasPrefix("distcc: ") else { return nil }
        if let names = line.dropPrefix("distcc: compilers: ") {
            compilers = names.split(separator: " ").count
            return nil
        }
        return line.hasPrefix("distcc: without ") || line.hasPrefix("distcc: not used: ")
            ? line : nil
    }

    /// Returns a warning if compilations were not distributed as intended.
    ///
    /// - Parameter hasCache: whether there may have been nothing to compile.
    func trouble(hasCache: Bool) -> String? {
        let counts = counts
        if counts.missed > 0 {
            return counts.missed == 1
                ? "1 compilation was done here: no compiler took it"
                : "\(counts.missed) compilations were done here: no compiler took them"
        }
        return counts.compilers > 0 && counts.compiled == 0 && !hasCache
            ? "distcc: nothing was compiled elsewhere" : nil
    }
}

extension String {
    fileprivate func dropPrefix(_ prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
