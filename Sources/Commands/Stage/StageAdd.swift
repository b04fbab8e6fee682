internal import ArgumentParser
internal import Builds
internal import Files
internal import Sites

/// `git zentoo stage add`
struct StageAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Verify, unpack and pin a stage",
        discussion: """
            Accepts a stage3 tarball, a directory, or an image from a registry \
            (docker://[HOST[:PORT]/]PATH[:TAG][@sha256:DIGEST], fetched by skopeo and umoci). \
            If a key is pinned, a signature next to the tarball (.asc, .sig, or a signed \
            .DIGESTS) must be by that key; otherwise the stage is refused before it is \
            unpacked. An image is pinned by its digest, so it does not change with its tag; to \
            update to the current image of a tag, name the image again. A stage created by \
            'git zentoo bootstrap' is taken from the pool and must match the pin.
            """)

    @Argument(help: ArgumentHelp("Name of the stage", valueName: "name"))
    var name: String

    @Argument(
        help: ArgumentHelp(
            "Source of the stage; defaults to the one in config/stages", valueName: "path|url|image"
        ))
    var source: String?

    @Option(
        name: .customLong("key"),
        help: ArgumentHelp(
            "Fingerprint of the only key that may sign the stage",
            valueName: "fingerprint"))
    var fingerprint: String?

    @Option(
        name: .customLong("key-file"),
        help: ArgumentHelp(
            "Public key for --key; stored on the site's branch", valueName: "file"))
    var keyFile: String?

    @Option(
        help: ArgumentHelp(
            "Use the image for this platform, such as linux/arm64, not for this machine",
            valueName: "platform"))
    var platform: String?

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if (fingerprint == nil) != (keyFile == nil) {
            throw ValidationError("'--key' and '--key-file' go together")
        }
    }

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let site = try session.site()
        let editor = SiteEditor(site, machine: try await session.machine())
        let name = try ZentooName(name)
        let source = try source.map {
            try StageSource($0, relativeTo: context.workingDirectory)
        }
        let platform = try platform.map { try ImagePlatform($0) }
        let key = try key(in: context)
        let (pin, taken) = try await context.output.withProgress("preparing stage '\(name)'") {
            meter in
            try await editor.addStage(
                name, source: source, platform: platform, key: key
            ) { event in
                BuildProgress.show(event, of: nil, meter: meter, output: context.output)
            }
        }
        try context.output.report(
            StageSummary(
                name: name.text, source: taken, digest: pin.digest, verifiedBy: pin.verifiedBy,
                isPinned: site.lock.stages[name]?.digest == pin.digest),
            as: format.format)
    }

    private func key(in context: CommandContext) throws -> StageTrust.Key? {
        guard let fingerprint, let keyFile else { return nil }
        guard let parsed = KeyFingerprint(fingerprint) else {
            throw ValidationError("'\(fingerprint)' is not a key's fingerprint")
        }
        let path = context.resolve(keyFile)
        guard let bytes = try FileContent.read(path) else {
            throw ValidationError("there is no file '\(keyFile)'")
        }
        return StageTrust.Key(fingerprint: parsed, bytes: bytes)
    }
}

private struct StageSummary: Report {
    let name: String
    let source: StageSource
    let digest: SHA256Digest
    let verifiedBy: KeyFingerprint?
    /// Whether the site had pinned this digest before.
    let isPinned: Bool

    private enum CodingKeys: CodingKey { case name, source, digest, verifiedBy }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode("\(source)", forKey: .source)
        try container.encode(digest, forKey: .digest)
        try container.encodeIfPresent(verifiedBy, forKey: .verifiedBy)
    }

    var page: Page {
        var page = Page()
        page.line("\(name): sha256:\(digest.description)")
        if case .image = source { page.line("  of \(source.description)") }
        page.line("  \(trust)")
        return page
    }

    private var trust: String {
        if let verifiedBy { return "signed by \(verifiedBy)" }
        if isPinned { return "what was pinned before; no key is pinned for it" }
        if case .image = source { return "pinned by its digest; no signature was checked" }
        return "not verified: no key is pinned for it (--key, --key-file)"
    }
}
