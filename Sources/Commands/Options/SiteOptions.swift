internal import ArgumentParser

/// The site, for every command that works on one.
struct SiteOptions: ParsableArguments {
    @Option(
        name: .customLong("site"),
        help: ArgumentHelp(
            "Use the site on this branch instead of the one in 'zentoo.site'",
            valueName: "branch"))
    var name: String?
}
