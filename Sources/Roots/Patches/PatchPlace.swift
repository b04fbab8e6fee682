internal import Engines
internal import Files
package import SystemPackage

/// Where the patch work on one package lies in a root:
///
///     <state>/roots/<root>/patch/<category>/<name>/source   the source, to be edited
///     <state>/roots/<root>/patch/<category>/<name>/git      its repository
///     <state>/roots/<root>/patch/<category>/<name>/work     see ``PatchRecord``
///
/// The repository lies beside the source, not in it: whoever writes the source
/// does not write what git is told by its repository to run.
package struct PatchPlace: Sendable, Hashable {
    let root: RootPlace
    /// Category and name.
    package let package: String
    /// All of it.
    let directory: FilePath

    /// - Parameter directory: while it is being made, where that is.
    init(root: RootPlace, package: String, directory: FilePath? = nil) {
        self.root = root
        self.package = package
        self.directory = directory ?? root.patches.pushing(FilePath(package))
    }

    /// The source.
    package var source: FilePath { directory.appending(Self.sourceName) }
    /// What git calls a repository's directory.
    var git: FilePath { directory.appending(Self.gitName) }
    /// Where git finds that repository.
    var gitFile: FilePath { source.appending(".git") }
    /// See ``PatchRecord``.
    var record: FilePath { directory.appending("work") }

    static let sourceName: FilePath.Component = "source"
    static let gitName: FilePath.Component = "git"

    /// Where a session in the root sees the source.
    package var mountPoint: String { "\(mountDirectory)/\(Self.sourceName.string)" }
    private var mountDirectory: String { "/run/zentoo/patch/\(package)" }

    /// What a session sees of it: the source, which it may write, and the
    /// repository, which it may not, nor where the person's git finds that.
    func mounts() throws -> [Mount] {
        guard try FileStatus.of(source)?.kind == .directory else { return [] }
        var mounts: [Mount] = [.readWrite(source: source, target: mountPoint)]
        if try FileStatus.of(gitFile)?.kind == .file {
            mounts.append(.readOnly(source: gitFile, target: "\(mountPoint)/.git"))
        }
        if try FileStatus.of(git)?.kind == .directory {
            mounts.append(
                .readOnly(source: git, target: "\(mountDirectory)/\(Self.gitName.string)"))
        }
        return mounts
    }
}

extension RootPlace {
    /// The patch work, by category and name.
    var patches: FilePath { directory.appending("patch") }
}
