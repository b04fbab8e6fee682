internal import Engines
internal import Exec
internal import Files
internal import Glibc
internal import Sites
internal import SystemPackage

/// Fetches a stage and the files beside it into a private directory, where no
/// other account can change them between the check and the unpacking.
struct StageFetch {
    /// Signatures and digests are a few kilobytes.
    private static let largestSideFile = 1 << 20

    let stage: ZentooName
    let source: StageSource
    let directory: FilePath
    /// The platform of an image for several; nil for that of this machine.
    var platform: ImagePlatform?
    /// The environment of curl and skopeo, in particular proxies.
    let environment: [String: String]
    /// The privileges with which a directory is read.
    let privileges: Privileges
    /// The maximum size in bytes of the archive.
    let largest: Int64

    /// Fetches the archive itself, or packs one from a directory or an image.
    ///
    /// - Returns: the source to pin: an image with its digest.
    /// - Throws: ``StageError``.
    func archive(
        as name: String, onStep: (StageStep) -> Void = { _ in }
    ) async throws -> StageSource {
        guard case .image(let image) = source else {
            onStep(.fetching)
            try await file(as: name)
            return source
        }
        let fetch = ImageFetch(
            stage: stage, image: image, platform: platform, directory: directory,
            environment: environment, privileges: privileges, largest: largest)
        let pinned = try await fetch.unpack(onStep: onStep)
        let tree = directory.appending(ImageFetch.tree)
        try await pack(tree, into: directory.appending(name))
        try await privileges.removeTree(tree)
        return .image(pinned)
    }

    private func file(as name: String) async throws {
        switch source {
        case .url(let url):
            let completion = try await download(url, to: name, limit: largest)
            guard !Self.isTooLarge(completion) else {
                throw StageError.tooLarge("stage '\(stage)' at '\(url)' has", largest)
            }
            guard completion.status.isSuccess else {
                throw StageError(
                    .fetch,
                    "cannot fetch stage '\(stage)' from '\(url)': \(Tool.reason(completion))",
                    hints: [Invocation("curl", ["--head", "--location", url]).commandLine])
            }
        case .pool, .image:
            throw StageError(
                .unsupported, "stage '\(stage)' cannot be fetched from '\(source)'")
        case .path(let path):
            let target = directory.appending(name)
            let status = try FileStatus.of(path, followingLinks: true)
            switch status?.kind {
            case nil:
                throw StageError(
                    .notFound, "stage '\(stage)' not found at '\(path)'",
                    hints: [
                        "name another place on this machine with "
                            + "'git config zentoo.\(stage).source PATH'"
                    ])
            case .file:
                guard Int64(status?.size ?? 0) <= largest else {
                    throw StageError.tooLarge("stage '\(stage)' at '\(path)' has", largest)
                }
                try await copy(path, to: target)
            case .directory:
                try checkOwner(of: path)
                try await pack(path, into: target)
            case .link, .other:
                throw StageError(
                    .unsupported, "'\(path)' is neither a file nor a directory")
            }
        }
    }

    /// Fetches `<source><suffix>`, if there is such a file.
    ///
    /// - Returns: its name in the directory; nil if there is none.
    /// - Throws: ``StageError`` if it cannot be determined.
    func sideFile(_ suffix: String) async throws -> String? {
        let name = "side\(suffix)"
        switch source {
        case .pool, .image: return nil
        case .path(let path):
            let beside = FilePath(path.string + suffix)
            guard let status = try FileStatus.of(beside, followingLinks: true),
                status.kind == .file
            else { return nil }
            guard status.size <= Self.largestSideFile else { throw tooLarge(beside.string) }
            try await copy(beside, to: directory.appending(name))
        case .url(let url):
            let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
            let beside = url[..<end] + suffix + url[end...]
            let completion = try await download(
                String(beside), to: name, limit: Int64(Self.largestSideFile))
            if Self.isAbsent(completion) { return nil }
            guard !Self.isTooLarge(completion) else { throw tooLarge(String(beside)) }
            guard completion.status.isSuccess else {
                throw StageError(
                    .fetch, "cannot fetch '\(beside)': \(Tool.reason(completion))")
            }
        }
        return name
    }

    private func copy(_ path: FilePath, to target: FilePath) async throws {
        // The file may grow while it is copied.
        let completion = try await Tool.run(
            Invocation("cp", ["--reflink=auto", "--", path.string, target.string]),
            largestFile: largest)
        guard !Tool.isLimited(completion) else {
            throw StageError.tooLarge("stage '\(stage)' at '\(path)' has", largest)
        }
        guard completion.status.isSuccess else {
            throw StageError(
                .fetch, "cannot copy '\(path)': \(Tool.reason(completion))")
        }
    }

    /// Rejects a tree of another user: in the user namespace of a plain user,
    /// files of ids that are not mapped appear to belong to nobody.
    private func checkOwner(of tree: FilePath) throws {
        guard privileges == .root || Self.isOurs(tree) else {
            throw StageError(
                .unsupported,
                "'\(tree)' belongs to another user, whose files would be taken for nobody's",
                hints: [
                    "make an archive of it as its owner: "
                        + "'tar --numeric-owner --xattrs --acls -C \(tree) -cf stage.tar .'"
                ])
        }
    }

    private func pack(_ tree: FilePath, into archive: FilePath) async throws {
        let completion = try await Tool.run(
            privileges.wrap(
                Tool.limited(
                    TreeArchive(kind: .root).pack(tree, into: archive), largestFile: largest)))
        // If wrapped, the signal is reported as by a shell: 128 plus its number.
        guard
            !Tool.isLimited(completion)
                && completion.status.shellStatus != 128 + Glibc.SIGXFSZ
        else { throw StageError.tooLarge("stage '\(stage)' at '\(tree)' has", largest) }
        guard completion.status.isSuccess else {
            throw StageError(.fetch, "cannot read '\(tree)': \(Tool.reason(completion))")
        }
    }

    private static func isOurs(_ path: FilePath) -> Bool {
        var status = Glibc.stat()
        return lstat(path.string, &status) == 0 && status.st_uid == geteuid()
    }

    /// - Parameter limit: the maximum size in bytes; curl(1) enforces it if it
    ///   knows the size in advance.
    private func download(
        _ url: String, to name: String, limit: Int64
    ) async throws -> Completion {
        // --disable must be first, otherwise curl(1) reads ~/.curlrc.
        let arguments = [
            "--disable", "--fail", "--silent", "--show-error", "--location", "--max-redirs", "10",
            "--proto", "=https,http,file", "--proto-redir", "=https,http", "--retry", "3",
            "--connect-timeout", "30", "--speed-limit", "1", "--speed-time", "60",
            "--write-out", "%{http_code}", "--globoff", "--output", name,
            "--max-filesize", String(limit), "--url", url,
        ]
        return try await Tool.run(
            Invocation(
                "curl", arguments, environment: environment, workingDirectory: directory),
            largestFile: limit)
    }

    /// 63: the announced size exceeds the limit (curl(1)).
    private static func isTooLarge(_ completion: Completion) -> Bool {
        Tool.isLimited(completion) || completion.status == .exited(63)
    }

    /// 22: the server answered with an error, of which 404 and 410 mean that
    /// there is no such file; 37: a `file:` URL has no such file (curl(1)).
    private static func isAbsent(_ completion: Completion) -> Bool {
        switch completion.status {
        case .exited(22): ["404", "410"].contains(completion.text)
        case .exited(37): true
        default: false
        }
    }

    private func tooLarge(_ name: String) -> StageError {
        StageError(.unsupported, "'\(name)' is too large for a signature or digest")
    }
}
