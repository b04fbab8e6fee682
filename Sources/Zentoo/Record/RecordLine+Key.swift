extension RecordLine {
    /// The name of a value in a line: `[a-z][a-z0-9-]*`.
    public struct Key: RawRepresentable, Sendable, Hashable, Comparable {
        /// The name as written.
        public let rawValue: String

        /// A key, known or not.
        public init(rawValue: String) { self.rawValue = rawValue }

        // Every kind but `made`, `reused` and `found` on notes; these in the index.

        /// How the build ended: `success`, `failure` or `cancelled`.
        public static let status = Key(rawValue: "status")
        /// The site it was built for.
        public static let site = Key(rawValue: "site")
        /// The tuple it built.
        public static let tuple = Key(rawValue: "tuple")
        /// The root whose branch was built, if it was one's.
        public static let root = Key(rawValue: "root")
        /// The stage that was bootstrapped, if one was.
        public static let bootstrap = Key(rawValue: "bootstrap")
        /// The commit that was built.
        public static let commit = Key(rawValue: "commit")
        /// The tree of that commit, which is the key of the build.
        public static let tree = Key(rawValue: "tree")

        // `made`, `reused` and `found`.

        /// Category, name and version.
        public static let cpv = Key(rawValue: "cpv")
        /// Portage's BUILD_ID.
        public static let number = Key(rawValue: "number")
        /// The slot with its sub-slot.
        public static let slot = Key(rawValue: "slot")
        /// List: the USE flags that were set, sorted.
        public static let use = Key(rawValue: "use")
        /// The file's size in bytes.
        public static let size = Key(rawValue: "size")
        /// The file's SHA-256.
        public static let sha256 = Key(rawValue: "sha256")
        /// Where it lies, relative to the pool.
        public static let path = Key(rawValue: "path")
        /// The ebuild repository it came from.
        public static let repository = Key(rawValue: "repo")
        /// SHA-256 over the ebuild, its eclasses and its files.
        public static let ebuild = Key(rawValue: "ebuild")
        /// `yes` for an ebuild whose sources move (PROPERTIES=live).
        public static let live = Key(rawValue: "live")

        /// In `found`: the file's own BUILD_TIME, in seconds since the epoch.
        public static let built = Key(rawValue: "built")
        /// List, in `found`: the file's own REPO_REVISIONS, `repository:revision`.
        public static let revisions = Key(rawValue: "revisions")

        // `result` and `bootstrap`.

        /// The build whose packages a `result` without packages of its own has.
        public static let stampedFrom = Key(rawValue: "stamped-from")
        /// The flavour the packages were compiled with.
        public static let flavour = Key(rawValue: "flavour")
        /// The host triplet they were compiled for.
        public static let chost = Key(rawValue: "chost")
        /// SHA-256 of the stage the build began with.
        public static let stage = Key(rawValue: "stage")
        /// SHA-256 of the archive of the stage that a bootstrap has made.
        public static let archive = Key(rawValue: "archive")
        /// That archive's size in bytes.
        public static let archiveSize = Key(rawValue: "archive-size")
        /// The engine that ran it.
        public static let engine = Key(rawValue: "engine")
        /// When it began, in seconds since the epoch.
        public static let started = Key(rawValue: "started")
        /// How long it took (in `made`: how long this package took), in seconds.
        public static let duration = Key(rawValue: "duration")
        /// How many binary packages the build's result consists of.
        public static let packages = Key(rawValue: "packages")
        /// How many of them it compiled.
        public static let made = Key(rawValue: "made")
        /// How many of them it found in the pool without a record.
        public static let found = Key(rawValue: "found")
        /// The step that failed: `merge`, `premerge.d/10-users`.
        public static let phase = Key(rawValue: "phase")
        /// The package that failed.
        public static let package = Key(rawValue: "package")
        /// The log's name in the state directory's `logs`.
        public static let log = Key(rawValue: "log")
        /// List: what Portage could not confine here, as `network-sandbox`.
        public static let unsandboxed = Key(rawValue: "unsandboxed")
        /// The program that stood in for the stage's processor, as `qemu-riscv64`.
        public static let emulated = Key(rawValue: "emulated")
        /// How many other machines compiled, by distcc(1).
        public static let compilers = Key(rawValue: "distcc")
        /// How many compilations they did.
        public static let distributed = Key(rawValue: "distributed")
        /// How many, as far as logs tell, were to be theirs and were done here.
        public static let undistributed = Key(rawValue: "undistributed")
        /// Who tags: all that a tag needs, so that it can be completed later.
        public static let taggerName = Key(rawValue: "tagger-name")
        /// Who tags.
        public static let taggerEmail = Key(rawValue: "tagger-email")
        /// When, in seconds since the epoch, and the offset from UTC in minutes.
        public static let taggerDate = Key(rawValue: "tagger-date")

        /// The order in which known keys stand in a line.
        public static let order: [Key] = [
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

        /// Known keys in their order, unknown ones behind by their bytes.
        public static func < (left: Key, right: Key) -> Bool {
            switch (ranks[left], ranks[right]) {
            case (let a?, let b?): a < b
            case (_?, nil): true
            case (nil, _?): false
            case (nil, nil): left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
            }
        }

        static func isValid(_ text: String) -> Bool {
            guard let first = text.utf8.first, isLetter(first) else { return false }
            return text.utf8.allSatisfy {
                isLetter($0) || $0 == UInt8(ascii: "-")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
        }

        private static func isLetter(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        }
    }
}
