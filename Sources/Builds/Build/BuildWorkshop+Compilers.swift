internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

extension BuildWorkshop {
    /// Returns the compilers that work beside the machine that builds; nil for
    /// none.
    ///
    /// - Parameters:
    ///   - plan: the packages to be compiled.
    ///   - stage: the stage in which they are compiled.
    /// - Throws: ``ZentooError`` if the stage has no distcc.
    func compilers(for plan: MergePlan, in stage: StageImage) throws -> Compilers? {
        let count = site.tuplesFile.options(of: commit.tuple).compilers ?? machine.compilers
        guard count > 0, plan.built > 0 else { return nil }
        guard machine.engine.runsCompanions else {
            report(
                .warning(
                    "distcc=\(count) says nothing to the \(machine.engine.name) engine: "
                        + "it is compiled here"))
            return nil
        }
        // Once another compiler is merged, it compiles the packages, while the
        // other machines still run the stage's compiler.
        if let change = Toolchain.change(in: plan.entries) {
            report(.note("compiled on one machine: \(change.cpv) is another compiler"))
            return nil
        }
        guard try FileStatus.of(stage.tree.appending(Compilers.program)) != nil else {
            throw ZentooError(
                .unsupported, "distcc=\(count): stage '\(stage.name)' has no distcc",
                hints: [
                    "git zentoo bootstrap makes a stage that has sys-devel/distcc, "
                        + "if a set of its tuple names it"
                ])
        }
        return Compilers(
            count: count, slots: machine.engine.processors ?? machine.parallelism)
    }

    /// Returns the ccache directory; nil if compilations are not cached.
    ///
    /// Each flavour, which has one build at a time, has its own.
    func ccache(of flavour: Flavour, in stage: StageImage) throws -> FilePath? {
        guard machine.keepsCompilations else { return nil }
        guard try FileStatus.of(stage.tree.appending("usr/bin/ccache")) != nil else {
            report(.warning("zentoo.ccache: stage '\(stage.name)' has no ccache"))
            return nil
        }
        let directory = machine.state.ccache.appending(flavour.path)
        try Directory.create(directory)
        return directory
    }
}
