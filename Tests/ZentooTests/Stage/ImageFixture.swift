@testable import Builds
import Engines
import Exec
import Files
@testable import Sites
import SystemPackage
import TestSupport

/// A registry for one test on its own port, and images to push to it; removed
/// afterwards.
struct ImageFixture {
    /// Whether this machine has the required programs.
    static let isPossible = ["skopeo", "umoci", "docker-registry", "curl"].allSatisfy {
        SearchPath(Invocation.basicEnvironment["PATH"] ?? "").find($0) != nil
    }

    let stage: StageFixture
    /// `127.0.0.1:PORT`.
    let host: String
    /// Has a home directory whose configuration lists the registry as without TLS.
    let environment: [String: String]

    static func with(_ body: (ImageFixture) async throws -> Void) async throws {
        try await StageFixture.with { stage in
            try stage.write(
                """
                version: 0.1
                log: {level: info, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: \(stage.path("registry"))}}
                http: {addr: "127.0.0.1:0"}

                """, "registry.yml")
            // Whatever happens to the tests, the registry ends.
            let registry = Invocation(
                "timeout",
                ["--kill-after=5", "7200", "docker-registry", "serve", "registry.yml"],
                workingDirectory: stage.directory, grace: .seconds(2))
            let (lines, said) = AsyncStream.makeStream(of: String.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { said.finish() }
                    _ = try await registry.stream {
                        said.yield(String(decoding: $0, as: UTF8.self))
                    }
                }
                defer { group.cancelAll() }
                let host = try await address(in: lines)
                try await body(ImageFixture(stage: stage, host: host))
            }
        }
    }

    /// Returns the registry's address, which it prints last before it listens.
    private static func address(in lines: AsyncStream<String>) async throws -> String {
        var all: [String] = []
        for await line in lines {
            all.append(line)
            guard let start = line.firstRange(of: "listening on ")?.upperBound else { continue }
            return String(line[start...].prefix { $0.isNumber || $0 == "." || $0 == ":" })
        }
        throw ZentooError(.notFound, "the registry does not start: \(all)")
    }

    private init(stage: StageFixture, host: String) throws {
        self.stage = stage
        self.host = host
        let settings = stage.path("home/.config/containers")
        try Directory.create(settings)
        try stage.write(
            "[[registry]]\nlocation = \"\(host)\"\ninsecure = true\n",
            "home/.config/containers/registries.conf")
        environment = Invocation.basicEnvironment.merging(["HOME": stage.path("home").string]) {
            $1
        }
    }

    // MARK: Images

    /// Returns the reference of an image in this registry.
    func reference(_ rest: String) throws -> ImageReference {
        guard let reference = ImageReference("\(host)/\(rest)") else {
            throw ZentooError(.mistakes, "no reference: \(rest)")
        }
        return reference
    }

    /// Creates an image from archives, the lowest layer first, in the layout
    /// `images`.
    func make(_ name: String, of layers: [String], architecture: String? = nil) async throws {
        if try FileStatus.of(stage.path("images")) == nil {
            try await run("umoci", ["init", "--layout", "images"])
        }
        try await run("umoci", ["new", "--image", "images:\(name)"])
        for layer in layers {
            try await run("umoci", ["raw", "add-layer", "--image", "images:\(name)", layer])
        }
        try await run(
            "umoci",
            ["config", "--image", "images:\(name)", "--architecture", architecture ?? Self.ours])
    }

    static var ours: String { ImagePlatform.ofThisMachine.architecture }
    static var other: String { ours == "arm64" ? "amd64" : "arm64" }

    /// Creates the fixture's root as one layer and above it one that removes a
    /// file; the layers lack entries of parent directories.
    func makeLayers() async throws {
        // Owned by root, as in published images.
        let owner = Privileges.ofTests == .root ? [] : ["--owner=0", "--group=0"]
        try stage.write("gone\n", "root/etc/gone")
        try await run(
            "tar",
            owner + [
                "--xattrs", "--xattrs-include=*", "-C", "root", "-cf", "lower.tar", "--", "bin",
                "etc", "usr/bin", "var",
            ])
        try Directory.create(stage.path("above/etc"))
        try stage.write("", "above/etc/.wh.gone")
        try stage.write("new\n", "above/etc/new")
        try await run(
            "tar",
            owner + ["-C", "above", "-cf", "upper.tar", "--", "etc/.wh.gone", "etc/new"])
    }

    /// Pushes an image of the layout.
    ///
    /// - Returns: its digest in the registry.
    @discardableResult
    func push(
        _ name: String, to target: String, _ options: [String] = []
    ) async throws -> SHA256Digest {
        try await run(
            "skopeo",
            ["--insecure-policy", "copy", "--quiet"] + options
                + ["oci:images:\(name)", reference(target).locator])
        return try await digest(of: target)
    }

    func digest(of target: String) async throws -> SHA256Digest {
        try await run("skopeo", ["inspect", "--raw", reference(target).locator], into: "manifest")
        return try await Checksum.sha256(of: "manifest", in: stage.directory)
    }

    /// Pushes an image index for several platforms.
    func pushList(_ images: [(platform: String, tag: String)], to target: String) async throws {
        var entries: [String] = []
        let repository = target.prefix { $0 != ":" }
        for (architecture, tag) in images {
            let digest = try await digest(of: "\(repository):\(tag)")
            let size = try FileStatus.of(stage.path("manifest"))?.size ?? 0
            entries.append(
                """
                {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": \(size),
                "digest": "sha256:\(digest)",
                "platform": {"os": "linux", "architecture": "\(architecture)"}}
                """)
        }
        let type = "application/vnd.oci.image.index.v1+json"
        try stage.write(
            """
            {"schemaVersion": 2, "mediaType": "\(type)",
            "manifests": [\(entries.joined(separator: ","))]}
            """, "list.json")
        let tag = target.drop { $0 != ":" }.dropFirst()
        try await run(
            "curl",
            [
                "--silent", "--fail", "--request", "PUT", "--header", "Content-Type: \(type)",
                "--data-binary", "@list.json", "http://\(host)/v2/\(repository)/manifests/\(tag)",
            ])
    }

    /// Returns where the registry stores the content with this digest.
    func blob(_ digest: some CustomStringConvertible) -> FilePath {
        let digits = "\(digest)"
        return stage.path(
            "registry/docker/registry/v2/blobs/sha256/\(digits.prefix(2))/\(digits)/data")
    }

    /// Returns the digests in a manifest of the registry: configuration, then
    /// layers.
    func pieces(of manifest: SHA256Digest) throws -> [String] {
        let text = try stage.read(blob(manifest)) ?? ""
        return text.split(separator: "\"sha256:", omittingEmptySubsequences: true).dropFirst()
            .map { String($0.prefix(64)) }
    }

    // MARK: Running

    /// Returns the store of another machine.
    func machine(_ name: String) -> StageStore {
        StageStore(state: stage.path(name), privileges: .ofTests, environment: environment)
    }

    @discardableResult
    func run(
        _ program: String, _ arguments: [String], into file: String? = nil
    ) async throws -> String {
        let completion = try await Invocation(
            program, arguments, environment: environment, workingDirectory: stage.directory
        ).run().orThrow()
        if let file { try FileContent.write(completion.output, to: stage.path(file)) }
        return completion.text
    }
}
