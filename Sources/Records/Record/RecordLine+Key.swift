extension RecordLine {
    /// The name of a value in a line: `[a-z][a-z0-9-]*`.
    package struct Key: RawRepresentable, Sendable, Hashable, Comparable {
        /// The name as written.
        package let rawValue: String

        /// A key, known or not.
        package init(rawValue: String) { self.rawValue = rawValue }

        // In notes: all kinds except `made`, `reused` and `found`. In the
        // index: these, too.

        /// How the build ended: `success`, `failure` or `cancelled`.
        package static let status = Key(rawValue: "status")
        /// The site it was built for.
        package static let site = Key(rawValue: "site")
        /// The tuple it built.
        package static let tuple = Key(rawValue: "tuple")
        /// The root whose branch was built, if any.
        package static let root = Key(rawValue: "root")
        /// The stage that was bootstrapped, if any.
        package static let bootstrap = Key(rawValue: "bootstrap")
        /// The commit that was built.
        package static let commit = Key(rawValue: "commit")
        /// The tree of that commit, which is the build key.
        package static let tree = Key(rawValue: "tree")

        // `made`, `reused` and `found`.

        /// Category, name and version.
        package static let cpv = Key(rawValue: "cpv")
        /// Portage's BUILD_ID.
        package static let number = Key(rawValue: "number")
        /// The slot with its sub-slot.
        package static let slot = Key(rawValue: "slot")
        /// List: the USE flags that were set, sorted.
        package static let use = Key(rawValue: "use")
        /// The file's size in bytes.
        package static let size = Key(rawValue: "size")
        /// The file's SHA-256.
        package static let sha256 = Key(rawValue: "sha256")
        /// Its path relative to the pool.
        package static let path = Key(rawValue: "path")
        /// The ebuild repository it came from.
        package static let repository = Key(rawValue: "repo")
        /// SHA-256 over the ebuild, its eclasses and its files.
        package static let ebuild = Key(rawValue: "ebuild")
        /// `yes` for a live ebuild (PROPERTIES=live).
        package static let live = Key(rawValue: "live")

        /// In `found`: the file's own BUILD_TIME, in seconds since the epoch.
        package static let built = Key(rawValue: "built")
        /// List, in `found`: the file's own REPO_REVISIONS, as
        /// `repository:revision`.
        package static let revisions = Key(rawValue: "revisions")

        // `result` and `bootstrap`.

        /// The build whose packages a `result` without packages of its own
        /// refers to.
        package static let stampedFrom = Key(rawValue: "stamped-from")
        /// The flavour the packages were compiled with.
        package static let flavour = Key(rawValue: "flavour")
        /// The host triplet they were compiled for.
        package static let chost = Key(rawValue: "chost")
        /// SHA-256 of the stage the build started from.
        package static let stage = Key(rawValue: "stage")
        /// SHA-256 of the archive of the stage that a bootstrap produced.
        package static let archive = Key(rawValue: "archive")
        /// That archive's size in bytes.
        package static let archiveSize = Key(rawValue: "archive-size")
        /// The engine that ran it.
        package static let engine = Key(rawValue: "engine")
        /// The start time, in seconds since the epoch.
        package static let started = Key(rawValue: "started")
        /// The duration in seconds; in `made`, that of this package.
        package static let duration = Key(rawValue: "duration")
        /// The number of binary packages in the build's result.
        package static let packages = Key(rawValue: "packages")
        /// The number of packages that the build compiled.
        package static let made = Key(rawValue: "made")
        /// The number of packages found in the pool without a record.
        package static let found = Key(rawValue: "found")
        /// The step that failed: `merge`, `premerge.d/10-users`.
        package static let phase = Key(rawValue: "phase")
        /// The package that failed.
        package static let package = Key(rawValue: "package")
        /// The name of the log in the state directory's `logs`.
        package static let log = Key(rawValue: "log")
        /// List: Portage sandboxing features that were unavailable, such as
        /// `network-sandbox`.
        package static let unsandboxed = Key(rawValue: "unsandboxed")
        /// The emulator of the stage's processor, such as `qemu-riscv64`.
        package static let emulated = Key(rawValue: "emulated")
        /// The number of other machines that compiled, by distcc(1).
        package static let compilers = Key(rawValue: "distcc")
        /// The number of compilations that they did.
        package static let distributed = Key(rawValue: "distributed")
        /// The number of compilations, as far as logs tell, that were meant for
        /// them but were done here.
        package static let undistributed = Key(rawValue: "undistributed")
        /// The tagger's name. The tagger is kept so that a missing tag can be
        /// completed.
        package static let taggerName = Key(rawValue: "tagger-name")
        /// The tagger's email address.
        package static let taggerEmail = Key(rawValue: "tagger-email")
        /// The time of the tag, in seconds since the epoch, and the offset from
        /// UTC in minutes.
        package static let taggerDate = Key(rawValue: "tagger-date")

        /// The order of the known keys in a line.
        package static let order: [Key] = [
            .status, .site, .tuple, .root, .bootstrap, .commit, .tree, .stampedFrom,
            .cpv, .number, .slot, .use, .size, .sha256, .path, .repository, .ebuild, .live,
            .built, .revisions,
            .flavour, .chost, .stage, .archive, .archiveSize, .engine, .started, .duration,
            .packages, .made, .found,
            .phase, .package, .log, .unsandboxed, .emulated, .compilers, .distributed,
            .undistributed, .taggerName, .taggerEmail, .taggerDate,
        ]

        private static let ranks = Dictionary(
            uniqueKeysWithValues: zip(order, order.indices))

        /// Orders known keys as in ``order``, then unknown ones by their bytes.
        package static func < (left: Key, right: Key) -> Bool {
            switch (ranks[left], ranks[right]) {
            case (let a?, let b?): a < b
            case (_?, nil): true
            case (nil, _?): false
            case (nil, nil): left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
            }
        }

        static func isValid(_ text: some Collection<UInt8>) -> Bool {
            guard let first = text.first, isLetter(first) else { return false }
            return text.allSatisfy {
                isLetter($0) || $0 == UInt8(ascii: "-")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
        }

        private static func isLetter(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        }
    }
}
