internal import Exec
internal import SystemPackage

/// The stages that a daemon has as images, each created once and identified by
/// a label.
struct DockerImages: Sendable {
    /// The label with the stage's digest.
    static let label = "zentoo.stage"

    let docker: DockerProgram
    /// The state directory, whose lock prevents creating the same image twice.
    let state: FilePath
    let privileges: Privileges

    /// Returns the id of the stage's image, which is created if there is none.
    ///
    /// - Throws: ``EngineError``; `CancellationError`.
    func id(of stage: StageImage, onMake: () -> Void = {}) async throws -> String {
        if let known = try await find(stage.digest) { return known }
        let lock = try await JobScratch.lock("images", in: state)
        defer { JobScratch.free(lock) }
        if let known = try await find(stage.digest) { return known }
        onMake()
        try await make(stage)
        guard let made = try await find(stage.digest) else {
            throw EngineError(.setup, "Docker does not have the image of stage '\(stage.name)'")
        }
        return made
    }

    /// Returns the id of the image of a stage, `sha256:...`, by the stage's
    /// digest; nil if there is none.
    func find(_ digest: String) async throws -> String? {
        let said = try await docker.ask([
            "image", "ls", "--quiet", "--no-trunc", "--filter", "label=\(Self.label)=\(digest)",
        ])
        return said.split(separator: "\n").first.map(String.init)
    }

    /// Returns the user-visible name of the image.
    static func name(of digest: String) -> String { "zentoo-stage:\(digest.prefix(12))" }

    private func make(_ stage: StageImage) async throws {
        let archive = privileges.wrap(
            Invocation(
                "tar",
                [
                    "--create", "--file=-", "--directory", stage.tree.string, "--numeric-owner",
                    "--format=posix", "--xattrs", "--xattrs-include=*", "--one-file-system",
                    "--anchored", "--exclude=./dev/*", ".",
                ]))
        let platform = stage.architecture.map { ["--platform", $0.platform] } ?? []
        let load = docker.invocation(
            ["import"] + platform + [
                "--change", "LABEL \(Self.label)=\(stage.digest)", "-",
                Self.name(of: stage.digest),
            ])
        do {
            let (packed, loaded) = try await archive.run(into: load)
            guard packed.status.isSuccess else {
                throw EngineError(
                    .setup,
                    "cannot read stage '\(stage.tree)': \(ExecError.lastLine(of: packed.errors))")
            }
            guard loaded.status.isSuccess else {
                throw docker.failure(ExecError.lastLine(of: loaded.errors))
            }
        } catch let error as ExecError {
            throw DockerProgram.missing(error)
        }
    }
}
