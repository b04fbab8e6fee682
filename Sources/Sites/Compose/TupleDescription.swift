internal import Git

/// Everything that a tuple consists of.
package struct TupleDescription: Sendable, Hashable, Codable {
    /// A part and its place.
    package struct Part: Sendable, Hashable, Codable {
        /// `cpu`, `portage`, `buildhooks` or `packages`.
        package let part: String
        /// The part's name.
        package let name: String
        /// The place as `git show` takes it: a branch, or a file of one.
        package let place: String
        /// The commit from which it is read.
        package let commit: String
    }

    /// A package set that the tuple includes.
    package struct Set: Sendable, Hashable, Codable {
        /// Its name.
        package let name: String
        /// Its package atoms, and the sets it names as `@set`.
        package let members: [String]
    }

    /// The name of the tuple.
    package let tuple: String
    /// The four parts.
    package let parts: [Part]
    /// Its options except the stage.
    package let options: [String]
    /// The stage and its digest; nil if a mistake gives the reason.
    package let stage: String?
    /// The ebuild repositories and their revisions.
    package let repositories: [String]
    /// The package sets, sorted by name.
    package let sets: [Set]
    /// The composed tree, which is the build key; nil if there are mistakes.
    package let tree: String?
    /// The tuple commit; nil if there are mistakes.
    package let commit: String?
    /// The mistakes that prevent it from being built.
    package let mistakes: [Mistake]
}

extension Site {
    /// Returns the description of a tuple; composes it if there are no
    /// mistakes.
    ///
    /// - Throws: `GitError`.
    package func describe(_ tuple: Tuple) throws -> TupleDescription {
        let inputs = try TupleInputs(tuple, of: self)
        let composed = inputs.mistakes.isEmpty ? try TupleComposer(self).compose(tuple) : nil
        let isOwnSet = inputs.portage.sets[tuple.packages.text] != nil
        let parts = [
            TupleDescription.Part(
                part: "cpu", name: tuple.cpu.text,
                place: "\(shownRef):\(CPUFragment.folder)/\(tuple.cpu)", commit: "\(commit)"),
            TupleDescription.Part(
                part: "portage", name: tuple.portage.text, place: inputs.portage.shownRef,
                commit: "\(inputs.portage.commit)"),
            TupleDescription.Part(
                part: "buildhooks", name: tuple.buildhooks.text,
                place: inputs.buildhooks.shownRef, commit: "\(inputs.buildhooks.commit)"),
            TupleDescription.Part(
                part: "packages", name: tuple.packages.text,
                place: isOwnSet
                    ? "\(inputs.portage.shownRef):sets/\(tuple.packages)"
                    : "\(shownRef):\(CPUFragment.siteSets)/\(tuple.packages)",
                commit: isOwnSet ? "\(inputs.portage.commit)" : "\(commit)"),
        ]
        let sets = try inputs.sets.map { name, id in
            let set = PackageSet(try repository.blob(id))
            return TupleDescription.Set(
                name: name, members: set.references.map { "@\($0.name)" } + set.atoms)
        }
        return TupleDescription(
            tuple: tuple.text, parts: parts, options: inputs.options.listed,
            stage: inputs.stage.map { "\($0.name) sha256:\($0.digest)" },
            repositories: inputs.repositories.map { "\($0.name) \($0.revision)" }, sets: sets,
            tree: composed.map { "\($0.tree)" }, commit: composed.map { "\($0.commit)" },
            mistakes: inputs.mistakes)
    }
}
