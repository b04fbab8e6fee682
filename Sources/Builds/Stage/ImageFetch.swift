internal import Engines
internal import Exec
internal import Files
internal import Sites
internal import SystemPackage

/// Brings an image from a registry and makes a tree of its layers.
///
/// skopeo(1) fetches, and compares every piece with the digest by which the one
/// above it names it; umoci(1) lays the layers over each other, with whiteouts,
/// owners and attributes. Both are given names in a directory of ours, never a
/// path that somebody chose.
struct ImageFetch {
    let stage: ZentooName
    let image: ImageReference
    /// What an image for several is taken for; nil: this machine.
    let platform: ImagePlatform?
    let directory: FilePath
    /// What skopeo is given: where settings and passwords are, and proxies.
    let environment: [String: String]
    /// As whom the layers are unpacked.
    let privileges: Privileges
    /// The most bytes that one layer may have.
    let largest: Int64

    /// The tree's name in the directory.
    static let tree = "image"

    /// The image as the registry has it, and as umoci reads it.
    private static let copy = "registry"
    static let layout = "layout"

    /// What skopeo needs to know beyond what git does: where passwords and
    /// authorities lie.
    static let variables: Set = [
        "REGISTRY_AUTH_FILE", "DOCKER_CONFIG", "SSL_CERT_FILE", "SSL_CERT_DIR",
    ]

    /// Fetches the image and makes the tree of it.
    ///
    /// - Returns: the image by the digest of the manifest that was taken.
    /// - Throws: ``StageError``; ``ZentooError`` when a program is missing.
    func unpack(onStep: (StageStep) -> Void) async throws -> ImageReference {
        onStep(.fetching)
        // Missing, it is missed before all is fetched.
        try await Tool.run(Invocation("umoci", ["--version"])).orThrow()
        try await fetch()
        let digest = try await manifestDigest()
        // What a digest names was chosen before, maybe for another machine.
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

    /// Brings the image exactly as the registry has it; of one for several
    /// platforms the part for ours.
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

    /// Whether fetching ended since a layer would have become larger than it may.
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

    /// What skopeo is to demand of signatures: what containers-policy.json(5)
    /// says, the user's own or the machine's. It refuses to work where there is
    /// none; an image is then accepted as other unsigned stages are, and pinned
    /// by its content.
    private static func policy(_ environment: [String: String]) -> [String] {
        let homes = [
            environment["XDG_CONFIG_HOME"], environment["HOME"].map { "\($0)/.config" }, "/etc",
            "/usr/share",
        ]
        let files = homes.compactMap { $0.map { FilePath("\($0)/containers/policy.json") } }
        let isThere = files.contains { file in
            // What cannot be looked at is for skopeo to complain of.
            do { return try FileStatus.of(file) != nil } catch { return true }
        }
        return isThere ? [] : ["--insecure-policy"]
    }

    /// The digest by which the registry knows what was taken.
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

    /// An image for one platform is taken without any choice: it may be for
    /// another machine.
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

    /// Makes of a copy as registries have them, docker's among them, what umoci
    /// reads. No policy: that was asked about where the image comes from.
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
        // Directories that no layer has an entry of, the top one mostly, are as
        // old as their making: no two machines would have the same tree.
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

    /// What skopeo and umoci say last, without how loud they say it:
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
