internal import Exec
internal import SystemPackage

/// Directory trees as tar archives (GNU tar 1.28 or later).
///
/// The archive of a tree always has the same bytes for the same names, types,
/// modes, owners, link targets, hard links, whole seconds of modification,
/// ACLs, extended attributes and contents, so its SHA-256 identifies the tree.
/// It leaves out what does not belong to the tree: `dev/*`, other file systems
/// mounted in it, SELinux labels and the attributes of overlayfs. (tar writes
/// several attributes of one file in the order in which the file system lists
/// them; two copies with such files may have different digests, which can cause
/// a false mismatch, never a false match.)
struct TreeArchive {
    /// The contents that an archive and its digest cover.
    enum Kind {
        /// A root: includes owners and times. Times, since Portage does not
        /// remove files whose time differs from the recorded one.
        case root
        /// A root that becomes a stage: without runtime files, downloads and
        /// files that can be recreated. They are excluded by name, so no link
        /// is followed and nothing is removed.
        case stage
        /// An ebuild repository: includes only what git records, so that two
        /// checkouts of the same content are equal.
        case repository
    }

    let kind: Kind

    /// Returns the command that packs the tree into an archive.
    func pack(_ tree: FilePath, into archive: FilePath) -> Invocation {
        Invocation(
            "tar",
            options(of: tree) + compression + ["--create", "--file", archive.string, "."])
    }

    /// Uses all processors, which does not change the output of zstd(1).
    private var compression: [String] {
        kind == .stage ? ["--use-compress-program=zstd -T0 -9 --quiet"] : []
    }

    /// The files that a stage does not contain, as patterns of tar(1): most
    /// directories are kept, but empty.
    private static let passing = [
        "proc/*", "run/*", "sys/*", "tmp/*", "var/cache/binpkgs/*", "var/cache/distfiles/*",
        "var/cache/edb/dep/*", "var/cache/ldconfig/*", "var/log/emerge*.log", "var/log/portage/*",
        "var/tmp/*",
    ]

    /// Returns the command that prints the digest of the archive that
    /// ``pack(_:into:)`` would create, without creating it.
    func digest(of tree: FilePath) -> Invocation {
        Invocation(
            "tar",
            options(of: tree) + ["--use-compress-program=sha256sum", "--create", "--file=-", "."])
    }

    /// Returns the command that unpacks an archive, compressed or not, into an
    /// empty directory.
    ///
    /// tar refuses members with `..`, treats absolute ones as relative, and
    /// creates symbolic links that lead outside only after everything else, so
    /// nothing is written outside of `tree`. Nodes in `dev` are left out: every
    /// engine mounts its own.
    ///
    /// - Parameter limit: the unpacked bytes that are read before tar is ended
    ///   by SIGTERM; see ``isTooLarge(_:)``.
    func unpack(
        _ archive: FilePath, into tree: FilePath, limit: Int64? = nil
    ) -> Invocation {
        var arguments = [String]()
        if let limit {
            // tar counts records of 20 blocks, and runs this after that many.
            let records = limit / (20 * 512) + 1
            arguments += [
                "--checkpoint=\(records)",
                "--checkpoint-action=exec=echo '\(Self.tooLarge)' >&2; kill -s TERM $PPID",
            ]
        }
        arguments += [
            "--extract", "--force-local", "--file", archive.string, "--directory", tree.string,
            "--numeric-owner", "--same-permissions", "--anchored",
        ]
        switch kind {
        case .root, .stage:
            arguments += ["--same-owner", "--acls", "--xattrs", "--xattrs-include=*"]
            arguments += ["--xattrs-exclude=*.overlay.*"]
            arguments += ["--exclude=./dev/*", "--exclude=dev/*", "--exclude=/dev/*"]
        case .repository:
            arguments += ["--no-same-owner"]
        }
        var invocation = Invocation("tar", arguments)
        // Archives of several blocks, such as Gentoo's, are unpacked on all
        // cores.
        invocation.environment["XZ_OPT"] = "-T0"
        return invocation
    }

    private static let tooLarge = "zentoo: the archive has more than it may"

    /// Returns whether unpacking was ended at the limit.
    static func isTooLarge(_ completion: Completion) -> Bool {
        !completion.status.isSuccess
            && String(decoding: completion.errors, as: UTF8.self).contains(tooLarge)
    }

    /// Returns the command that prints the metadata of every file, as known to
    /// `find`. Each entry ends with a zero byte, its path last; link targets
    /// are covered by the digest alone.
    static func listing(of tree: FilePath) -> Invocation {
        Invocation(
            "find",
            [
                ".", "-xdev", "-path", "./dev/*", "-prune", "-o",
                "-type", "d", "-printf", #"%y %m %U %G - %T@ -\t%p\0"#, "-o",
                "-printf", #"%y %m %U %G %s %T@ %n\t%p\0"#,
            ], workingDirectory: tree)
    }

    /// Returns the bytes of the files in a listing, including holes; each name
    /// of a file with several counts for its share.
    static func contentSize(inListing listing: [UInt8]) -> Int64 {
        listing.split(separator: 0).reduce(0) { total, line in
            let fields = line.prefix { $0 != UInt8(ascii: "\t") }.split(
                separator: UInt8(ascii: " "))
            guard fields.count == 7, fields[0].elementsEqual("f".utf8),
                let size = Int64(String(decoding: fields[4], as: UTF8.self)),
                let names = Int64(String(decoding: fields[6], as: UTF8.self)), names > 0
            else { return total }
            let (sum, isTooMuch) = total.addingReportingOverflow(size / names)
            return isTooMuch ? .max : sum
        }
    }

    private func options(of tree: FilePath) -> [String] {
        let header = "exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime,delete=mtime"
        let common = [
            "--force-local", "--directory", tree.string, "--sort=name", "--format=posix",
            "--pax-option=\(header)", "--numeric-owner", "--one-file-system", "--anchored",
        ]
        switch kind {
        case .root, .stage:
            let excluded = kind == .stage ? Self.passing.map { "--exclude=./\($0)" } : []
            return common + excluded + [
                "--acls", "--xattrs", "--xattrs-include=*", "--xattrs-exclude=*.overlay.*",
                "--xattrs-exclude=security.selinux", "--xattrs-exclude=security.ima",
                "--xattrs-exclude=security.evm", "--exclude=./dev/*",
            ]
        case .repository:
            // The times of files would make the content of every copy
            // different; some programs treat 0 as no time at all.
            return common + [
                "--owner=0", "--group=0", "--mode=u=rwX,go=rX", "--mtime=@315532800",
                "--no-acls", "--no-xattrs", "--hard-dereference", "--exclude=./.git",
            ]
        }
    }
}
