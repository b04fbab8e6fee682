internal import ArgumentParser

/// The site, for every command that works on one.
struct SiteOptions: ParsableArguments {
    @Option(
        name: .customLong("site"),
        help: ArgumentHelp(
            "Work on the site of this branch instead of the one in 'zentoo.site'",
            valueName: "branch"))
    var name: String?
}
