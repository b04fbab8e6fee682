internal import Exec
internal import SystemPackage

/// Directory trees as tar archives (GNU tar 1.28 or later).
///
/// The archive of a tree is always the same bytes for the same names, types,
/// modes, owners, link targets, hard links, whole seconds of modification,
/// ACLs, extended attributes and contents, so its SHA-256 stands for the
/// tree. Left out is what is not the tree's own: `dev/*`, other file systems
/// mounted in it, SELinux labels and what overlayfs noted. (tar writes several
/// attributes of one file in the order the file system lists them; two copies
/// with such files may differ in their digest, which refuses too much and
/// never too little.)
struct TreeArchive {
    /// What a digest is about.
    enum Kind {
        /// A root: owners and times count. Times, since Portage leaves
        /// files behind whose time is not the recorded one.
        case root
        /// A root that becomes a stage: without what only ran in it, downloaded,
        /// or can be made again. By name, as nothing is followed or removed.
        case stage
        /// An ebuild repository: what git would record counts, so that two
        /// checkouts of one content are one content.
        case repository
    }

    let kind: Kind

    /// Puts the tree in an archive.
    func pack(_ tree: FilePath, into archive: FilePath) -> Invocation {
        Invocation(
            "tar",
            options(of: tree) + compression + ["--create", "--file", archive.string, "."])
    }

    /// On all processors, which does not show in what zstd(1) writes.
    private var compression: [String] {
        kind == .stage ? ["--use-compress-program=zstd -T0 -9 --quiet"] : []
    }

    /// What a stage does not have, in the pattern of tar(1): most directories
    /// stay, and are empty.
    private static let passing = [
        "proc/*", "run/*", "sys/*", "tmp/*", "var/cache/binpkgs/*", "var/cache/distfiles/*",
        "var/cache/edb/dep/*", "var/cache/ldconfig/*", "var/log/emerge*.log", "var/log/portage/*",
        "var/tmp/*",
    ]

    /// Prints the digest of the archive ``pack(_:into:)`` would make,
    /// without making it.
    func digest(of tree: FilePath) -> Invocation {
        Invocation(
            "tar",
            options(of: tree) + ["--use-compress-program=sha256sum", "--create", "--file=-", "."])
    }

    /// Unpacks an archive, compressed or not, into an empty directory.
    ///
    /// tar refuses members with `..`, takes absolute ones as relative, and
    /// makes links that lead out only after everything else, so nothing is
    /// written outside of `tree`. Nodes in `dev` are left out: every engine
    /// mounts its own.
    ///
    /// - Parameter limit: how many bytes are read of it, unpacked, before tar ends by
    ///   SIGTERM; see ``isTooLarge(_:)``.
    func unpack(
        _ archive: FilePath, into tree: FilePath, limit: Int64? = nil
    ) -> Invocation {
        var arguments = [String]()
        if let limit {
            // tar counts records of 20 blocks, and runs this when it has read so many.
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
        // Archives of several blocks, as Gentoo's are, unpack on all cores.
        invocation.environment["XZ_OPT"] = "-T0"
        return invocation
    }

    private static let tooLarge = "zentoo: the archive has more than it may"

    /// Whether unpacking ended at the limit.
    static func isTooLarge(_ completion: Completion) -> Bool {
        !completion.status.isSuccess
            && String(decoding: completion.errors, as: UTF8.self).contains(tooLarge)
    }

    /// Prints what `find` knows of every file but its content, each entry
    /// ended by a zero byte, its path last; link targets are left to the digest.
    static func listing(of tree: FilePath) -> Invocation {
        Invocation(
            "find",
            [
                ".", "-xdev", "-path", "./dev/*", "-prune", "-o",
                "-type", "d", "-printf", #"%y %m %U %G - %T@ -\t%p\0"#, "-o",
                "-printf", #"%y %m %U %G %s %T@ %n\t%p\0"#,
            ], workingDirectory: tree)
    }

    /// How many bytes the files of a listing have, holes among them; of a file with
    /// several names each has its share.
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
            // A time of its own for every file would make every copy another
            // content; 0 is what some programs take for none at all.
            return common + [
                "--owner=0", "--group=0", "--mode=u=rwX,go=rX", "--mtime=@315532800",
                "--no-acls", "--no-xattrs", "--hard-dereference", "--exclude=./.git",
            ]
        }
    }
}
