internal import Git
internal import Sites

/// The position of a patch in `/etc/portage`, and the patch that it replaces.
///
/// Patches are applied in the order of their names. A diff is therefore valid
/// only if the patches that sort before it are exactly those that it was made
/// on top of: none missing, none added, none with different content.
struct PatchPlacement: Sendable, Hashable {
    /// The path in `/etc/portage`.
    let path: TreePath
    /// The file name.
    let file: String
    /// The existing patch that is replaced.
    let replaced: UserPatches.Entry?
    /// The commit that the diff starts from, if not the base: the one before
    /// the patch that is replaced.
    let before: ObjectID?

    /// - Parameters:
    ///   - present: the patches that are committed.
    ///   - isForced: whether an existing patch may be replaced.
    /// - Throws: ``ZentooError`` that suggests a name or command that works.
    init(
        _ name: PatchName, of record: PatchRecord, among present: UserPatches, in root: ZentooName,
        isForced: Bool
    ) throws {
        let package = record.cpv.package
        let replaced = present.entries.first {
            $0.name == name.file || $0.name == "\(name).diff"
        }
        let file = replaced?.name ?? name.file
        var under = record.over
        var before: ObjectID?
        if let replaced, file != record.edited {
            guard isForced else {
                throw ZentooError(
                    .exists, "patch '\(name)' of \(package) already exists",
                    hints: ["choose another name, or replace it with --force"])
            }
            if let last = under.last, last.name == file {
                guard let commit = last.before else {
                    throw ZentooError(
                        .exists, "the source has been prepared with '\(replaced.name)'",
                        hints: [
                            "'git zentoo patch prep \(root) \(package) --edit \(name)' begins "
                                + "with what it changes; to change it further is another patch"
                        ])
                }
                under.removeLast()
                before = commit
            }
        }
        if let last = under.last, !UserPatches.isBefore(last.name, file) {
            throw ZentooError(
                .invalidName,
                "'\(file)' would be applied before '\(last.name)', over which it was made",
                hints: [
                    "patches are applied in the order of their names: "
                        + Self.advice(name, after: last.name)
                ])
        }
        let earlier = present.entries.filter { UserPatches.isBefore($0.name, file) }
        guard earlier.map(\.name) == under.map(\.name), earlier.map(\.id) == under.map(\.id) else {
            throw ZentooError(
                .busy, Self.difference(earlier, under, package: package),
                hints: [
                    "commit or restore them in the root's work tree, or choose another name, "
                        + "or prepare the source anew"
                ])
        }
        path = replaced?.path ?? UserPatches.folder(of: package).appending(file)
        self.file = file
        self.replaced = replaced
        self.before = before
    }

    /// Suggests a name that sorts after the last patch: `z-NAME` if possible.
    private static func advice(_ name: PatchName, after last: String) -> String {
        let stem = last.split(separator: ".").first.map(String.init) ?? last
        let candidates = ["z-\(name)", "zz-\(name)", "\(stem)_\(name)"]
        let fitting = candidates.first {
            UserPatches.isBefore(last, $0 + PatchName.suffix) && (try? PatchName($0)) != nil
        }
        return fitting.map { "'\($0)', for example" } ?? "choose one after '\(last)'"
    }

    private static func difference(
        _ earlier: [UserPatches.Entry], _ under: [PatchRecord.Under], package: String
    ) -> String {
        let before = Dictionary(uniqueKeysWithValues: under.map { ($0.name, $0.id) })
        if let new = earlier.first(where: { before[$0.name] == nil }) {
            return "'\(new.name)' is applied before it, and the source was prepared without"
        }
        let now = Set(earlier.map(\.name))
        if let gone = under.first(where: { !now.contains($0.name) }) {
            return "'\(gone.name)', over which it was made, is not committed in the root"
        }
        let changed = earlier.first { before[$0.name] != $0.id }
        return "'\(changed?.name ?? package)', over which it was made, was changed since"
    }
}
