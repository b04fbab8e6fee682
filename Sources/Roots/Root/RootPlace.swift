internal import Records
package import Sites
package import SystemPackage

/// The location of a root on this machine. Its branch is in git; everything
/// else can be deleted, and is recreated as far as it follows from the branch:
///
///     <state>/roots/<name>/tree       the work tree of its branch
///     <state>/roots/<name>/binpkgs    a PKGDIR of its own for each flavour
///     <state>/roots/<name>/settings   see ``RootSettings``
///     <state>/locks/root-<name>       held while it is used or changed
package struct RootPlace: Sendable, Hashable {
    /// The root's name.
    package let name: ZentooName
    let state: StateDirectory

    /// Creates the location for a root's name; it need not exist.
    package init(_ name: ZentooName, in state: StateDirectory) {
        self.name = name
        self.state = state
    }

    /// The directory that contains all of it.
    var directory: FilePath { state.roots.appending(name.text) }
    /// The work tree of the branch.
    package var tree: FilePath { directory.appending("tree") }
    /// The packages that were made in the root and belong to it alone, in a
    /// PKGDIR for each flavour.
    package var binpkgs: FilePath { directory.appending("binpkgs") }
    /// Returns the root's own PKGDIR of a flavour.
    func binpkgs(of flavour: Flavour) -> FilePath { binpkgs.appending(flavour.id) }
    /// See ``RootSettings``.
    var settings: FilePath { directory.appending("settings") }
    /// The lock that is held while the root is used or changed.
    var lock: FilePath { state.locks.appending("root-\(name)") }
    /// The file that names the holder of the lock, for the error of other
    /// processes.
    var holder: FilePath { state.locks.appending("root-\(name).holder") }

    /// git's name for the work tree. It is flat, as the names of work trees
    /// are.
    package var worktreeName: String { "zentoo-\(name)" }
}
