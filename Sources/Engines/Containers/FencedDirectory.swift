internal import Glibc
internal import SystemPackage

/// What one run of a job writes to in place of a directory that others read:
/// a copy of it made of hard links, beside it.
///
/// A run that was given up may go on for as long as its machine is out of
/// sight, and nothing can keep it from writing; so what it writes to is its
/// own, and what a run has written comes into the directory when it has ended
/// and is still the job's. This is the fence: whoever comes too late has
/// written what nobody takes.
struct FencedDirectory {
    /// The directory that is meant.
    let directory: FilePath
    /// What the run writes to.
    let own: FilePath

    /// - Parameters:
    ///   - job: the job's id.
    ///   - attempt: which run of it this is, from 1: the fencing number.
    init(_ directory: FilePath, job: String, attempt: Int) {
        self.directory = directory
        let name = directory.lastComponent?.string ?? "root"
        own = directory.removingLastComponent().appending(".\(name).\(job).\(attempt)")
    }

    /// Makes the copy.
    ///
    /// - Parameter salvaged: what an earlier run wrote to, of which the
    ///   packages that are whole are taken as well.
    /// - Throws: ``EngineError`` with code `setup`.
    func make(salvaging salvaged: FilePath? = nil) throws {
        try Self.merge(directory, into: own, replacing: true)
        if let salvaged { try Self.merge(salvaged, into: own, replacing: false) }
    }

    /// Has all that is new in the copy arrive: file by file, each whole, those
    /// at the top last, as an index is that names what lies below.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    func publish() throws {
        try Self.merge(own, into: directory, replacing: true)
    }

    /// Links all files of a tree into another one.
    ///
    /// - Parameter replacing: whether a file takes the place of another one of
    ///   its name, one that is the same already excepted; else only packages are
    ///   taken, and only those that are missing.
    private static func merge(
        _ source: FilePath, into target: FilePath, replacing: Bool
    ) throws {
        guard let status = status(of: source), status.st_mode & S_IFMT == S_IFDIR else { return }
        if mkdir(target.string, status.st_mode & 0o7777) == 0 {
            // Behind the owner, which takes the set-id bits away.
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
            // A job may take its own files away at any time.
            guard let entry = Self.status(of: path) else { continue }
            switch entry.st_mode & S_IFMT {
            case S_IFDIR: try merge(path, into: target.appending(name), replacing: replacing)
            case S_IFREG:
                if isWhole(name, entry), replacing || name.hasSuffix(packageSuffix) {
                    files.append(name)
                }
            // Nothing that is collected is anything else.
            default: break
            }
        }
        for name in files {
            try link(source.appending(name), to: target.appending(name), replacing: replacing)
        }
    }

    private static let packageSuffix = ".gpkg.tar"

    /// Whether it is not what Portage still writes: an empty file takes a
    /// package's name before the package is there, and a longer name holds what
    /// will be it.
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
        // By a rename, so that there is one of them at every moment.
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
