internal import Records
package import Sites
package import SystemPackage

/// Where a root lies on this machine. All but its branch, which is in git, can
/// be deleted and is made again:
///
///     <state>/roots/<name>/tree       the work tree of its branch
///     <state>/roots/<name>/binpkgs    a PKGDIR of its own for each flavour
///     <state>/roots/<name>/settings   see ``RootSettings``
///     <state>/locks/root-<name>       held by whoever changes it
package struct RootPlace: Sendable, Hashable {
    /// The root's name.
    package let name: ZentooName
    let state: StateDirectory

    /// The place of a root's name; nothing need be there.
    package init(_ name: ZentooName, in state: StateDirectory) {
        self.name = name
        self.state = state
    }

    /// All of it.
    var directory: FilePath { state.roots.appending(name.text) }
    /// The work tree of the branch.
    package var tree: FilePath { directory.appending("tree") }
    /// The packages that were made in the root and are nobody else's, a PKGDIR
    /// for each flavour.
    package var binpkgs: FilePath { directory.appending("binpkgs") }
    /// The packages of a flavour that are the root's own.
    func binpkgs(of flavour: Flavour) -> FilePath { binpkgs.appending(flavour.id) }
    /// See ``RootSettings``.
    var settings: FilePath { directory.appending("settings") }
    /// Held while somebody is in it or changes it.
    var lock: FilePath { state.locks.appending("root-\(name)") }
    /// Says who holds the lock, for somebody who is to wait.
    var holder: FilePath { state.locks.appending("root-\(name).holder") }

    /// What git calls the work tree. Flat, since the names of work trees are.
    package var worktreeName: String { "zentoo-\(name)" }
}
