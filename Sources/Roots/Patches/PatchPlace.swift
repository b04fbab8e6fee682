internal import Engines
internal import Files
package import SystemPackage

/// The location of the patch work on one package in a root:
///
///     <state>/roots/<root>/patch/<category>/<name>/source   the source to edit
///     <state>/roots/<root>/patch/<category>/<name>/git      its repository
///     <state>/roots/<root>/patch/<category>/<name>/work     see ``PatchRecord``
///
/// The repository is next to the source, not inside it, so that write access to
/// the source does not include the configuration and hooks that make git run
/// commands.
package struct PatchPlace: Sendable, Hashable {
    let root: RootPlace
    /// Category and name.
    package let package: String
    /// The directory that contains all of it.
    let directory: FilePath

    /// - Parameter directory: the temporary location while it is being created;
    ///   nil for the final one.
    init(root: RootPlace, package: String, directory: FilePath? = nil) {
        self.root = root
        self.package = package
        self.directory = directory ?? root.patches.pushing(FilePath(package))
    }

    /// The source.
    package var source: FilePath { directory.appending(Self.sourceName) }
    /// The git directory of the source's repository.
    var git: FilePath { directory.appending(Self.gitName) }
    /// The `.git` file that points git to that repository.
    var gitFile: FilePath { source.appending(".git") }
    /// See ``PatchRecord``.
    var record: FilePath { directory.appending("work") }

    static let sourceName: FilePath.Component = "source"
    static let gitName: FilePath.Component = "git"

    /// The path of the source inside a session in the root.
    package var mountPoint: String { "\(mountDirectory)/\(Self.sourceName.string)" }
    private var mountDirectory: String { "/run/zentoo/patch/\(package)" }

    /// Returns the mounts of a session: the source read-write, the repository
    /// and the `.git` file that points to it read-only.
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
    /// The directory of the patch work, by category and name.
    var patches: FilePath { directory.appending("patch") }
}
