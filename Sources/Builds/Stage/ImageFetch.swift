internal import Engines
internal import Exec
internal import Files
internal import Sites
internal import SystemPackage

/// Fetches an image from a registry and unpacks its layers to a tree.
///
/// skopeo(1) fetches it, and compares every blob with the digest by which its
/// parent names it; umoci(1) applies the layers, with whiteouts, owners and
/// attributes. Both get names in a directory of ours, never a path from
/// outside.
struct ImageFetch {
    let stage: ZentooName
    let image: ImageReference
    /// The platform of an image for several; nil for that of this machine.
    let platform: ImagePlatform?
    let directory: FilePath
    /// The environment of skopeo: paths of settings and passwords, and proxies.
    let environment: [String: String]
    /// The privileges with which the layers are unpacked.
    let privileges: Privileges
    /// The maximum size in bytes of one layer.
    let largest: Int64

    /// The name of the tree in the directory.
    static let tree = "image"

    /// The image as the registry stores it, and as umoci reads it.
    private static let copy = "registry"
    static let layout = "layout"

    /// The variables that skopeo needs in addition to those of git: the paths
    /// of passwords and certificate authorities.
    static let variables: Set = [
        "REGISTRY_AUTH_FILE", "DOCKER_CONFIG", "SSL_CERT_FILE", "SSL_CERT_DIR",
    ]

    /// Fetches the image and unpacks it to the tree.
    ///
    /// - Returns: the image with the digest of the fetched manifest.
    /// - Throws: ``StageError``; ``ZentooError`` if a program is missing.
    func unpack(onStep: (StageStep) -> Void) async throws -> ImageReference {
        onStep(.fetching)
        // Fails before the image is fetched if umoci is missing.
        try await Tool.run(Invocation("umoci", ["--version"])).orThrow()
        try await fetch()
        let digest = try await manifestDigest()
        // An image given by digest was selected before, possibly for another
        // machine.
        if image.digest == nil || platform != nil { try await checkPlatform() }
        onStep(.layering)
        try await convert()
        try await refuseDevices()
        try await privileges.removeTree(directory.appending(Self.copy))
        try await layer()
        try await privileges.removeTree(directory.appending(Self.layout))
        return image.pinned(to: digest)
    }

    // MARK: From the registry

    /// Fetches the image exactly as the registry stores it; of an image for
    /// several platforms only that for ours.
    private func fetch() async throws {
        let completion = try await skopeo(
            Self.policy(environment) + (platform.map(Self.choice) ?? []) + [
                "copy", "--quiet", "--retry-times", "2", "--remove-signatures",
                "--preserve-digests", image.locator,
                "dir:\(Self.copy)",
            ])
        guard completion.status.isSuccess else {
            if try hasTooLargeFile() {
                throw StageError.tooLarge("a layer of '\(image)' of stage '\(stage)' has", largest)
            }
            var hints = [Invocation("skopeo", ["inspect", image.locator]).commandLine]
            if image.digest == nil {
                hints.append("skopeo list-tags docker://\(image.fullRepository)")
            }
            throw StageError(
                .fetch, "cannot fetch stage '\(stage)' from '\(image)': \(Self.reason(completion))",
                hints: hints)
        }
    }

    /// Returns whether the fetch was stopped because a layer exceeds the limit.
    private func hasTooLargeFile() throws -> Bool {
        let folder = directory.appending(Self.copy)
        return try Directory.names(in: folder).contains {
            Int64(try FileStatus.of(folder.appending($0))?.size ?? 0) >= largest
        }
    }

    private static func choice(of platform: ImagePlatform) -> [String] {
        ["--override-os", "linux", "--override-arch", platform.architecture]
            + (platform.variant.map { ["--override-variant", $0] } ?? [])
    }

    /// Returns the options for the signature policy of skopeo, which follows
    /// containers-policy.json(5), the user's or the machine's, and refuses to
    /// work without one. If there is none, the image is accepted, as other
    /// unsigned stages are, and pinned by its content.
    private static func policy(_ environment: [String: String]) -> [String] {
        let homes = [
            environment["XDG_CONFIG_HOME"], environment["HOME"].map { "\($0)/.config" }, "/etc",
            "/usr/share",
        ]
        let files = homes.compactMap { $0.map { FilePath("\($0)/containers/policy.json") } }
        let isThere = files.contains { file in
            // skopeo reports files that cannot be accessed.
            do { return try FileStatus.of(file) != nil } catch { return true }
        }
        return isThere ? [] : ["--insecure-policy"]
    }

    /// Returns the digest of the fetched manifest in the registry.
    private func manifestDigest() async throws -> SHA256Digest {
        let manifest = "\(Self.copy)/manifest.json"
        let completion = try await skopeo(["manifest-digest", manifest])
        let words = completion.text.split(whereSeparator: \.isWhitespace)
        guard completion.status.isSuccess, let word = words.first, word.hasPrefix("sha256:"),
            let digest = SHA256Digest(String(word.dropFirst("sha256:".count)))
        else {
            throw StageError(
                .fetch,
                "cannot read the manifest of '\(image)' of stage '\(stage)': "
                    + Self.reason(completion))
        }
        return digest
    }

    /// Checks the platform: an image for one platform is fetched whatever that
    /// is, and may be for another machine.
    private func checkPlatform() async throws {
        let wanted = platform ?? .ofThisMachine
        let completion = try await skopeo([
            "inspect", "--format", "{{.Os}}/{{.Architecture}}", "dir:\(Self.copy)",
        ])
        guard completion.status.isSuccess else {
            throw StageError(
                .unsupported,
                "'\(image)' of stage '\(stage)' is no image of a root file system: "
                    + Self.reason(completion))
        }
        let found = completion.text.split(whereSeparator: \.isWhitespace).joined()
        guard found == "linux/\(wanted.architecture)" else {
            throw StageError(
                .unsupported,
                "'\(image)' of stage '\(stage)' is for '\(found)', not for '\(wanted)'",
                hints: ["to take it all the same: '--platform \(found)'"])
        }
    }

    // MARK: To a tree

    /// Converts the copy from any registry format, including docker's, to that
    /// of umoci. No policy applies: it was checked when the image was fetched.
    private func convert() async throws {
        let completion = try await skopeo([
            "--insecure-policy", "copy", "--quiet", "--remove-signatures",
            "--dest-compress-format", "gzip", "dir:\(Self.copy)", "oci:\(Self.layout):stage",
        ])
        guard completion.status.isSuccess else { throw unpackFailure(completion) }
    }

    private func layer() async throws {
        let mark = directory.appending("before")
        try FileContent.write([], to: mark)
        let completion = try await Tool.run(
            privileges.wrap(
                Invocation(
                    "umoci", ["raw", "unpack", "--image", "\(Self.layout):stage", Self.tree],
                    workingDirectory: directory)))
        guard completion.status.isSuccess else { throw unpackFailure(completion) }
        // Directories without an entry in any layer, usually the top one, have
        // the time of their creation: the tree would differ between machines.
        try await Tool.run(
            privileges.wrap(
                Invocation(
                    "find",
                    [
                        Self.tree, "-xdev", "-depth", "-type", "d", "-newer", mark.string,
                        "-exec", "touch", "--no-dereference", "--date=@0", "--", "{}", "+",
                    ], workingDirectory: directory))
        ).orThrow()
    }

    func unpackFailure(_ completion: Completion) -> StageError {
        StageError(
            .unpack,
            "cannot unpack '\(image)' of stage '\(stage)': \(Self.reason(completion))",
            hints: privileges == .root
                ? [] : ["a plain user cannot make all owners; try it as root"])
    }

    func skopeo(_ arguments: [String]) async throws -> Completion {
        try await Tool.run(
            Invocation(
                "skopeo", arguments, environment: environment, workingDirectory: directory),
            largestFile: largest)
    }

    // MARK: Messages

    /// Returns the last message of skopeo or umoci without its log level:
    /// `time="..." level=fatal msg="..."` and `   ⨯ ...`.
    static func reason(_ completion: Completion) -> String {
        let line = Tool.reason(completion)
        guard let start = line.firstRange(of: " msg=\""), line.hasSuffix("\"") else {
            return String(line.drop { $0 == " " || $0 == "⨯" })
        }
        return String(line[start.upperBound...].dropLast())
            .replacing("\\\"", with: "\"").replacing("\\n", with: " ")
    }
}
