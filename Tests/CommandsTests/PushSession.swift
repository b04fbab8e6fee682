import Exec
import Files
import Git
import SystemPackage
import TestSupport

@testable import Commands

/// A server's bare repository, a clone of it, and real pushes from the clone
/// through the real hook; the pusher's output is recorded in a transcript.
struct PushSession {
    enum Content: ExpressibleByStringLiteral {
        case file(String)
        case link(String)
        case gitlink
        /// The file is deleted.
        case none

        init(stringLiteral text: String) { self = .file(text) }
    }

    var session: TypedSession
    /// Additional environment variables of the pusher.
    var variables: [String: String] = [:]
    var transcript: String { session.transcript }

    var server: FilePath { session.directory.appending("server.git") }
    var client: FilePath { session.directory.appending("client.git") }
    var hook: FilePath { server.appending("hooks/pre-receive") }

    static let digest = String(repeating: "5", count: 64)

    /// The files of a site without mistakes.
    static let site: [String: Content] = [
        "config/stages": "openrc /srv/stage3.tar.xz\n",
        "config/repos": "gentoo /srv/gentoo\n",
        "config/zentoo.lock": .file(
            "stage openrc sha256:\(digest)\nrepository gentoo sha256:\(digest)\n"),
    ]

    @discardableResult
    static func with<Result>(
        _ body: (inout PushSession) async throws -> Result
    ) async throws -> Result {
        try await TemporaryDirectory.with { directory in
            var session = PushSession(session: try TypedSession(directory))
            await session.session.type("init --bare server.git", in: ".")
            try await session.session.git("clone --quiet --bare server.git client.git", in: ".")
            session.session.transcript = ""
            session.variables["PATH"] =
                "\(BuiltPrograms.directory):\(session.session.environment["PATH"] ?? "")"
            return try await body(&session)
        }
    }

    /// Commits changes to a branch of the clone; creates the branch if it does not
    /// exist.
    func commit(to branch: String, _ files: [String: Content]) throws {
        let repository = try Repository.open(client)
        let name = try RefName.branch(branch)
        let parent = try repository.resolve(name)
        let changes = try files.sorted { $0.key < $1.key }.map { path, content in
            let path = TreePath(path)
            switch content {
            case .file(let text):
                return TreeChange.put(path, .file, try repository.writeBlob(text.utf8))
            case .link(let target):
                return TreeChange.put(path, .symlink, try repository.writeBlob(target.utf8))
            case .gitlink:
                return TreeChange.put(path, .gitlink, parent ?? .emptyTree)
            case .none:
                return TreeChange.remove(path)
            }
        }
        let commit = try repository.createCommit(
            tree: repository.editTree(
                base: parent.map { try repository.commit($0).tree }, changes),
            parents: parent.map { [$0] } ?? [], author: TemporaryRepository.signature,
            message: branch)
        try repository.set(name, to: commit, expecting: .anything)
    }

    /// Pushes and appends git's output to the transcript. Throws if a refused push
    /// changed the server's repository.
    @discardableResult
    mutating func push(_ refspecs: String...) async throws -> Int32 {
        let before = try await state()
        let environment = session.environment.merging(variables) { $1 }
            .merging(["LC_ALL": "C"]) { $1 }
        let result = try await Invocation(
            "git", ["push", "origin"] + refspecs, environment: environment,
            workingDirectory: client
        ).run()
        let status: Int32 = if case .exited(let status) = result.status { status } else { -1 }
        let said = String(decoding: result.errors, as: UTF8.self)
            .split(separator: "\n").map { line in
                // git pads the lines with blanks to overwrite what a terminal may show.
                String(line.reversed().drop { $0 == " " }.reversed())
            }.joined(separator: "\n")
        session.transcript += "$ git push origin \(refspecs.joined(separator: " "))\n"
        session.transcript += session.plain("\(said)\n--- status \(status)\n\n")
            .replacing(#/\b[0-9a-f]{7}\.\.[0-9a-f]{7}\b/#, with: "<commit>..<commit>")
        let after = try await state()
        if status != 0 && after != before { throw Changed() }
        return status
    }

    private struct Changed: Error {}

    /// Returns the references and the number of objects.
    private func state() async throws -> String {
        try await session.git("for-each-ref", in: "server.git")
            + session.git("count-objects -v", in: "server.git")
    }
}
