internal import Glibc
internal import SystemPackage

/// The copy of a directory, made of hard links and placed beside it, to which
/// one run of a job writes while others read the directory.
///
/// An abandoned run may go on for as long as its machine is unreachable, and
/// nothing can stop it from writing. Each run therefore writes to a directory
/// of its own, which is published only when the run has ended and is still the
/// current run of the job. This is the fence: what an abandoned run writes
/// later is never published.
struct FencedDirectory {
    /// The directory that others read.
    let directory: FilePath
    /// The directory that the run writes to.
    let own: FilePath

    /// - Parameters:
    ///   - directory: the directory that others read.
    ///   - job: the job's id.
    ///   - attempt: the number of the run, from 1: the fencing number.
    init(_ directory: FilePath, job: String, attempt: Int) {
        self.directory = directory
        let name = directory.lastComponent?.string ?? "root"
        own = directory.removingLastComponent().appending(".\(name).\(job).\(attempt)")
    }

    /// Creates the copy.
    ///
    /// - Parameter salvaged: the directory of an earlier run, whose complete
    ///   packages are copied as well.
    /// - Throws: ``EngineError`` with code `setup`.
    func make(salvaging salvaged: FilePath? = nil) throws {
        try Self.merge(directory, into: own, replacing: true)
        if let salvaged { try Self.merge(salvaged, into: own, replacing: false) }
    }

    /// Publishes everything that is new in the copy, each file atomically.
    /// Files at the top come last, since an index there names files below.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    func publish() throws {
        try Self.merge(own, into: directory, replacing: true)
    }

    /// Links all files of a tree into another one.
    ///
    /// - Parameters:
    ///   - source: the tree to link from.
    ///   - target: the tree to link into; created if it does not exist.
    ///   - replacing: whether a different file of the same name is replaced;
    ///     otherwise only packages are linked, and only those that are missing.
    /// - Throws: ``EngineError`` with code `setup`.
    private static func merge(
        _ source: FilePath, into target: FilePath, replacing: Bool
    ) throws {
        guard let status = status(of: source), status.st_mode & S_IFMT == S_IFDIR else { return }
        if mkdir(target.string, status.st_mode & 0o7777) == 0 {
            // After the owner is changed, which clears the set-id bits.
            lchown(target.string, status.st_uid, status.st_gid)
            chmod(target.string, status.st_mode & 0o7777)
        } else if errno != EEXIST {
            throw failure("make", target)
        }
        let names: [String]
        do {
            names = try Directory.names(in: source)
        } catch {
            throw EngineError(.setup, "cannot read '\(source)': \(error)")
        }
        var files: [String] = []
        for name in names {
            let path = source.appending(name)
            // A job may remove its own files at any time.
            guard let entry = Self.status(of: path) else { continue }
            switch entry.st_mode & S_IFMT {
            case S_IFDIR: try merge(path, into: target.appending(name), replacing: replacing)
            case S_IFREG:
                if isWhole(name, entry), replacing || name.hasSuffix(packageSuffix) {
                    files.append(name)
                }
            // Files of other types are not collected.
            default: break
            }
        }
        for name in files {
            try link(source.appending(name), to: target.appending(name), replacing: replacing)
        }
    }

    private static let packageSuffix = ".gpkg.tar"

    /// Returns whether Portage has finished writing the file: it first creates
    /// an empty file under a package's name and writes the content to a file
    /// with a longer name.
    private static func isWhole(_ name: String, _ status: stat) -> Bool {
        guard name.firstRange(of: packageSuffix) != nil else { return true }
        return name.hasSuffix(packageSuffix) && status.st_size > 0
    }

    private static func link(_ file: FilePath, to target: FilePath, replacing: Bool) throws {
        if Glibc.link(file.string, target.string) == 0 { return }
        guard errno == EEXIST else { throw failure("write", target) }
        guard replacing, let ours = status(of: file), let theirs = status(of: target),
            ours.st_ino != theirs.st_ino || ours.st_dev != theirs.st_dev
        else { return }
        // rename(2) ensures that the file exists at every moment.
        let beside = FilePath("\(target).\(getpid())")
        guard Glibc.link(file.string, beside.string) == 0,
            rename(beside.string, target.string) == 0
        else {
            let error = failure("write", target)
            unlink(beside.string)
            throw error
        }
    }

    private static func status(of path: FilePath) -> stat? {
        var status = stat()
        return lstat(path.string, &status) == 0 ? status : nil
    }

    private static func failure(_ what: String, _ path: FilePath) -> EngineError {
        EngineError(.setup, "cannot \(what) '\(path)': \(Errno(rawValue: errno))")
    }
}
