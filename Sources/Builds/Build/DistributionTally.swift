internal import Records

/// Counts what other machines compile for a build, from what distcc(1),
/// distccd(1) and `distribute.py` say.
struct DistributionTally {
    private var compilers = 0
    private var compiled = 0
    private var undistributed = 0
    /// How many of those a compiler took and found wrong.
    private var wrong = 0

    var counts: BuildResult.Distribution {
        .init(compilers: compilers, compiled: compiled, missed: max(0, undistributed - wrong))
    }

    /// As `distribute.py` calls it, which compiles it on each machine.
    private static let probe = "zentoo-probe.c"

    /// Takes what a compiler says: a line for each compilation.
    mutating func takeCompiler(_ line: String) {
        if line.contains("COMPILE_OK"), !line.contains(Self.probe) { compiled += 1 }
    }

    /// Takes a line of a package's log.
    mutating func takePackage(_ line: String) {
        if line.contains("failed to distribute") { undistributed += 1 }
        // It says so before it says that, too.
        if line.contains("failed, retrying locally") { wrong += 1 }
    }

    /// Takes a line of the merge.
    ///
    /// - Returns: what the user should know.
    mutating func takeMerge(_ line: String) -> String? {
        guard line.hasPrefix("distcc: ") else { return nil }
        if let names = line.dropPrefix("distcc: compilers: ") {
            compilers = names.split(separator: " ").count
            return nil
        }
        return line.hasPrefix("distcc: without ") || line.hasPrefix("distcc: not used: ")
            ? line : nil
    }

    /// What became of it otherwise than it was meant, if it did.
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
