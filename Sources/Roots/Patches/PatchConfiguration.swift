internal import Builds
internal import Git
internal import Sites

/// The `/etc/portage` that a patch job sees: the root's, with additions.
struct PatchConfiguration {
    let repository: Repository
    private(set) var tree: ObjectID

    /// - Parameter tree: the root's `/etc/portage`.
    init(_ tree: ObjectID, in repository: Repository) {
        self.tree = tree
        self.repository = repository
    }

    /// Adds a bashrc hook that ends src_prepare at the point where user patches
    /// are applied.
    mutating func addHandingOut() throws {
        let hook = ". \(PortageScripts.mountPoint)/userpatches.sh\n"
        guard let own = try repository.entry(in: tree, "bashrc") else {
            return try write(hook, to: "bashrc")
        }
        // The existing entry, whatever its type, is renamed unchanged and
        // sourced after ours.
        let place: TreePath = "bashrc.zentoo-own"
        try edit([.put(place, own.mode, own.id)])
        try write(
            hook + "[ ! -f /etc/portage/\(place) ] || . /etc/portage/\(place)\n", to: "bashrc")
    }

    /// Adds a patch, replacing an existing one at this path.
    mutating func add(_ patch: [UInt8], at path: TreePath) throws {
        try edit([.put(path, .file, repository.writeBlob(patch))])
    }

    /// Makes Portage run the tests of one package only.
    mutating func addTests(of cpv: CPV) throws {
        let line = "=\(cpv) zentoo-test\n"
        try write("FEATURES=\"test\"\n", to: "env/zentoo-test")
        let place: TreePath = "package.env"
        switch try repository.entry(in: tree, place) {
        case .some(let entry) where entry.mode == .tree:
            try write(line, to: place.appending("zz-zentoo-test"))
        case .some(let entry):
            let text = String(decoding: try repository.blob(entry.id), as: UTF8.self)
            try write("\(text)\n\(line)", to: place)
        case nil: try write(line, to: place)
        }
    }

    private mutating func write(_ text: String, to path: TreePath) throws {
        try edit([.put(path, .file, repository.writeBlob(text.utf8))])
    }

    private mutating func edit(_ changes: [TreeChange]) throws {
        tree = try repository.editTree(base: tree, changes)
    }
}
