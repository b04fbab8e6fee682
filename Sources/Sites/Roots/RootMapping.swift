internal import Git

/// Maps the files of a root to the branches that they belong to, and back.
///
/// This is the inverse of the composition of a tuple; see ``TupleComposer``.
struct RootMapping {
    /// The branch of a file and its path there.
    struct Target: Hashable {
        let part: PromotionPart
        let path: TreePath
    }

    /// The form of make.conf on the portage branch.
    private enum Layout { case file, directory }

    private let base: RootBase
    private let layout: Layout
    /// The names of the portage branch's own sets, and of the site's.
    private let portageSets: Set<[UInt8]>
    private let siteSets: Set<[UInt8]>
    private let newSets: PromotionPart

    /// Reads the branches that the root's tuple commit was composed from.
    ///
    /// - Parameters:
    ///   - base: the root's tuple commit.
    ///   - tree: the root's tree, or that of its tuple commit.
    ///   - newSets: the branch that gets a set which neither branch has.
    init(
        _ base: RootBase, tree: ObjectID, newSets: PromotionPart, in repository: Repository
    ) throws {
        self.base = base
        self.newSets = newSets
        func names(_ path: TreePath, of commit: ObjectID) throws -> Set<[UInt8]> {
            guard
                let folder = try repository.entry(in: repository.commit(commit).tree, path),
                folder.mode == .tree
            else { return [] }
            return Set(try repository.tree(folder.id).map(\.name))
        }
        portageSets = try names("sets", of: base.portage)
        siteSets = try names(TreePath(CPUFragment.siteSets), of: base.site)
        switch try repository.entry(in: repository.commit(base.portage).tree, "make.conf")?.mode {
        case .tree?: layout = .directory
        case .some: layout = .file
        case nil:
            // A branch without make.conf gets the form that the root requires.
            let folder = try repository.entry(in: tree, RootBase.makeConfPath)
            let own = try folder.map { try repository.tree($0.id) }?.map(\.text).filter {
                $0.hasPrefix(TupleComposer.branchPrefix)
            }
            layout = own == ["\(TupleComposer.branchPrefix)make.conf"] ? .file : .directory
        }
    }

    /// Returns the branch of a file and its path there.
    ///
    /// - Throws: ``NoPlace`` if it belongs to no branch.
    func target(of path: TreePath) throws(NoPlace) -> Target {
        if let rest = path.removing("buildhooks") { return Target(part: .buildhooks, path: rest) }
        if let rest = path.removing(RootBase.makeConfPath) { return try makeConf(rest) }
        if let rest = path.removing("etc/portage/sets"), rest.components.count == 1 {
            return set(rest)
        }
        if path == RootBase.makeConfPath {
            throw NoPlace("make.conf is a directory here", "put it into make.conf/50-make.conf")
        }
        if let rest = path.removing(RootBase.portagePath) {
            return Target(part: .portage, path: rest)
        }
        switch path.description {
        case "tuple", "format":
            throw NoPlace("'\(path)' says what the root is made of", "restore it: \(restore(path))")
        case "stage", "repos", "options":
            throw NoPlace(
                "'\(path)' is the site's to say",
                "restore it, \(restore(path)), and change the site: "
                    + (path == "stage"
                        ? "stage= in config/tuples, or 'git zentoo stage add'"
                        : path == "repos" ? "'git zentoo sync'" : "config/tuples"))
        default:
            throw NoPlace(
                "'\(path)' is no part of a tuple",
                "a root has etc/portage/ and buildhooks/; move it there, or remove it")
        }
    }

    /// Returns the path in a root of a file of a branch; nil if a root does not
    /// contain it.
    func place(of target: Target) -> TreePath? {
        switch target.part {
        case .buildhooks: return TreePath("buildhooks").appending(target.path.bytes)
        case .portage:
            let rest: TreePath
            if target.path == "make.conf" {
                rest = "make.conf/50-make.conf"
            } else if let inner = target.path.removing("make.conf") {
                rest = TreePath(
                    bytes: Array("make.conf/\(TupleComposer.branchPrefix)".utf8) + inner.bytes)
            } else {
                rest = target.path
            }
            return RootBase.portagePath.appending(rest.bytes)
        case .site:
            if target.path == TreePath("\(CPUFragment.folder)/\(base.cpu)") {
                return RootBase.makeConfPath.appending("\(TupleComposer.cpuPrefix)\(base.cpu)")
            }
            return target.path.removing(TreePath(CPUFragment.siteSets)).map {
                TreePath("etc/portage/sets").appending($0.bytes)
            }
        }
    }

    private func makeConf(_ rest: TreePath) throws(NoPlace) -> Target {
        let name = rest.description
        if name == TupleComposer.lastMakeConfName {
            throw NoPlace(
                "\(name) is git-zentoo's own",
                "restore it, \(restore(RootBase.makeConfPath.appending(name))), and put settings into a file that begins with \(TupleComposer.branchPrefix)"
            )
        }
        if name == "\(TupleComposer.cpuPrefix)\(base.cpu)" {
            return Target(part: .site, path: TreePath("\(CPUFragment.folder)/\(base.cpu)"))
        }
        guard rest.bytes.starts(with: TupleComposer.branchPrefix.utf8),
            rest.bytes.count > TupleComposer.branchPrefix.utf8.count
        else {
            throw NoPlace(
                "a file of make.conf/ begins with \(TupleComposer.branchPrefix)",
                "rename it: 'git mv \(RootBase.makeConfPath)/\(name) "
                    + "\(RootBase.makeConfPath)/\(TupleComposer.branchPrefix)\(name)'")
        }
        let inner = TreePath(
            bytes: Array(rest.bytes.dropFirst(TupleComposer.branchPrefix.utf8.count)))
        switch layout {
        case .directory:
            return Target(part: .portage, path: TreePath("make.conf").appending(inner.bytes))
        case .file where inner == "make.conf":
            return Target(part: .portage, path: inner)
        case .file:
            throw NoPlace(
                "the portage branch has one file make.conf, not a directory",
                "put it into \(TupleComposer.branchPrefix)make.conf, or make make.conf a directory "
                    + "on the branch first")
        }
    }

    private func set(_ name: TreePath) -> Target {
        let part: PromotionPart =
            portageSets.contains(name.bytes)
            ? .portage : siteSets.contains(name.bytes) ? .site : newSets
        return Target(
            part: part,
            path: TreePath(part == .site ? CPUFragment.siteSets : "sets").appending(name.bytes))
    }

    private func restore(_ path: TreePath) -> String {
        "'git checkout \(base.commit.description.prefix(12)) -- \(path)'"
    }
}

/// The reason why a file of a root belongs to no branch.
struct NoPlace: Error {
    let message: String
    let hint: String

    init(_ message: String, _ hint: String) {
        self.message = message
        self.hint = hint
    }
}

/// The branches that a promotion can change.
package enum PromotionPart: String, Sendable, Hashable, Codable, CaseIterable {
    /// The portage branch.
    case portage
    /// The buildhooks branch.
    case buildhooks
    /// The site's branch.
    case site

    /// The name for messages.
    var shown: String {
        switch self {
        case .portage: "the portage branch"
        case .buildhooks: "the buildhooks branch"
        case .site: "the site"
        }
    }
}

extension TreePath {
    /// Returns the path relative to a directory; nil if it is not below it.
    fileprivate func removing(_ directory: TreePath) -> TreePath? {
        guard isWithin(directory), self != directory else { return nil }
        return TreePath(bytes: Array(bytes.dropFirst(directory.bytes.count + 1)))
    }
}
