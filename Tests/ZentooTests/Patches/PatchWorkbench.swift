@testable import Builds
import Exec
import Files
import Git
@testable import Roots
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// A root with the prepared source of a package, as `patch prep` leaves it, on
/// a machine that runs nothing.
struct PatchWorkbench {
    let bench: RootWorkbench
    let place: PatchPlace
    let patches: PatchBench

    static let package = "app-misc/zen"
    static let house = "etc/portage/patches/app-misc/zen/house.patch"

    static func with(_ body: (PatchWorkbench) async throws -> Void) async throws {
        var fixture = SiteFixture()
        fixture["portage/base", "patches/app-misc/zen/house.patch"] = "--- a house patch\n"
        try await fixture.withSite { site, repository in
            let bench = RootWorkbench(
                site: site, repository: repository, machine: RootWorkbench.machine(of: repository))
            try await bench.make("desk")
            let place = PatchPlace(root: try bench.place("desk"), package: package)
            let work = PatchWorkbench(
                bench: bench, place: place,
                patches: PatchBench(
                    machine: bench.machine, sites: [site.name], preferred: site.name))
            try await work.prepare(["zen.c": "one\ntwo\n", "Makefile": "all:\n"])
            try await body(work)
        }
    }

    /// Creates the source, over the patches committed in the root.
    private func prepare(_ files: [String: String]) async throws {
        let repository = try bench.repository.open()
        let cpv = try #require(CPV("\(Self.package)-1.2.0"))
        let head = try RootBranch(place.root.name, in: repository).tree
        let portage = try #require(try repository.entry(in: head, "etc/portage"))
        var record = PatchRecord(cpv: cpv, slot: "0", repository: "demo")
        record.over = try UserPatches(of: cpv, slot: "0", in: portage.id, repository).entries
            .map { .init(name: $0.name, id: $0.id) }
        try await PatchSource(place: place).make(
            message: "\(cpv)", by: TemporaryRepository.signature, with: bench.machine.git
        ) { own in
            let tree = try own.editTree(
                base: nil,
                files.sorted { $0.key < $1.key }.map {
                    .put(TreePath($0.key), .file, try own.writeBlob($0.value.utf8))
                })
            return (tree, tree)
        }
        try record.write(to: place)
    }

    /// Writes a file of the source.
    func write(_ text: String, to path: String) throws {
        let file = place.source.pushing(FilePath(path))
        try Directory.create(file.removingLastComponent())
        try FileContent.write(Array(text.utf8), to: file)
    }

    @discardableResult
    func save(
        _ name: String, isForced: Bool = false, message: String? = nil
    ) async throws -> SavedPatch {
        try await patches.save(
            as: PatchName(name), of: nil, in: place.root.name, isForced: isForced,
            message: message, report: { _ in })
    }

    /// Runs git(1) in the root's working tree.
    func git(_ arguments: String...) async throws -> String {
        try await bench.repository.git.run(arguments, directory: place.root.tree).text
    }

    /// Runs git(1) in the source as its user does.
    func gitInSource(_ arguments: String...) async throws -> String {
        try await bench.repository.git.run(arguments, directory: place.source).text
    }

    func work() throws -> PatchWork {
        try PatchSurvey(state: bench.machine.state).work(at: place)
    }
}
