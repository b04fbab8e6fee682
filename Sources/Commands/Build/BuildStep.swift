/// The progress messages for the steps of a job, by the names the steps have in
/// logs.
enum BuildStep {
    private static let sentences = [
        "flavour": "working out the flavour",
        "index packages": "indexing packages",
        "plan": "asking Portage for its plan",
        "ebuilds": "looking for edited ebuilds",
        "choose": "choosing an ebuild and fetching its sources",
        "dependencies": "merging what it needs",
        "prepare": "preparing the source",
        "collect": "taking the source out of the root",
        "copy": "laying files over the root",
        "installed": "listing installed packages",
        "fetch": "fetching sources",
        "compile": "compiling packages",
        "merge": "merging packages",
        "depclean": "removing what nothing needs",
        "configuration": "giving the stage its configuration",
        "harvest": "reading what was made",
        "modes": "setting modes",
        "unmerge": "unmerging packages",
        "services": "enabling services",
        "remove": "removing files",
    ]

    /// Returns `merging packages`; for a hook `running 'premerge.d/10-users'`.
    static func sentence(_ step: String) -> String {
        sentences[step] ?? "running '\(step)'"
    }
}
