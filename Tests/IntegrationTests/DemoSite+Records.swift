import Exec
import Files
import Records
import SystemPackage
import TestSupport

/// The record of a tag's build, read with plain git.
struct DemoRecord: Sendable {
    /// The output of `git cat-file tag`.
    let tag: String
    /// The tagged commit and its tree.
    let commit: String
    let tree: String
    /// The build that the tag names.
    let build: String
    /// The lines of that build on the tree.
    let lines: [RecordLine]

    /// The packages, by category and name with version.
    var packages: [String: RecordLine] {
        var packages: [String: RecordLine] = [:]
        for line in lines where [.made, .reused, .found].contains(line.kind) {
            packages[line[.cpv] ?? "?"] = line
        }
        return packages
    }

    /// Returns the names of the packages of one kind: made, reused or found.
    func names(_ kind: RecordLine.Kind) -> Set<String> {
        Set(packages.filter { $0.value.kind == kind }.keys)
    }

    var result: RecordLine? { lines.first { $0.kind == .result } }
}

extension DemoSite {
    /// Returns the record of `zentoo/main/<tuple>/<number>`, read with git alone.
    func record(_ tuple: String, _ number: Int) async throws -> DemoRecord {
        let name = "refs/tags/zentoo/main/\(tuple)/\(number)"
        let tag = try await git("cat-file", "tag", name)
        let commit = try await git("rev-parse", "\(name)^{commit}")
        let tree = try await git("rev-parse", "\(name)^{tree}")
        let build =
            tag.split(separator: "\n").first { $0.hasPrefix("Build: ") }
            .map { String($0.dropFirst("Build: ".count)) } ?? ""
        return DemoRecord(
            tag: tag, commit: commit, tree: tree, build: build,
            lines: try await lines(on: tree).filter { "\($0.build)" == build })
    }

    /// Returns all lines of the note on an object.
    func lines(on object: String) async throws -> [RecordLine] {
        RecordLine.lines(in: Array(try await git("notes", "--ref=zentoo", "show", object).utf8))
    }

    /// Returns the names of all tags.
    func tags() async throws -> [String] {
        try await git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/tags")
            .split(separator: "\n").map(String.init)
    }

    /// Returns what git finds wrong with the repository, or an empty string.
    func damage() async throws -> String {
        let check = try await invocation("git", ["fsck", "--strict", "--no-dangling"]).run()
        let said = String(decoding: check.output + check.errors, as: UTF8.self)
        return check.status.isSuccess ? said : "\(check.status): \(said)"
    }

    /// Returns the binary packages in the pool, as paths below it.
    func poolFiles() async throws -> Set<String> {
        Set(try await files(below: pool, matching: "*.gpkg.tar"))
    }

    /// Returns the regular files below a directory whose names match.
    func files(below directory: FilePath, matching pattern: String = "*") async throws -> [String] {
        guard try FileStatus.of(directory) != nil else { return [] }
        let found = try await Self.run(
            "find", directory.string, "-type", "f", "-name", pattern, "-printf", "%P\\n")
        return found.text.split(separator: "\n").map(String.init).sorted()
    }

    /// Returns what is left of jobs: processes, mounts, scratch, results,
    /// references.
    ///
    /// The mounts of a job are in its own namespace and end with its last process,
    /// so none may ever be visible in ours.
    func leftovers() async throws -> [String] {
        let mounts = try Processes.text(of: "/proc/self/mountinfo").split(separator: "\n")
            .map(String.init).filter { $0.contains(root.string) }
        var left = try Processes.commandLines(with: root.string) + mounts
        for folder in ["jobs", "results"] {
            left += try Directory.names(in: state.appending(folder)).map(\.string)
                .filter { $0.first != "." }.map { "\(folder)/\($0)" }
        }
        left += try await git("for-each-ref", "--format=%(refname)", "refs/zentoo/building")
            .split(separator: "\n").map(String.init)
        return left
    }
}
