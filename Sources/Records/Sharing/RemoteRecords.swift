internal import Git

/// The references that git stores a remote's records under, separate from our
/// own:
///
///     refs/notes/<remote>/zentoo                        the notes
///     refs/zentoo/remotes/<remote>/tags/zentoo/...      the tags of builds
///     refs/zentoo/remotes/<remote>/latest/<site>/<tuple>
///     refs/zentoo/remotes/<remote>/failed/<site>/<tuple>/<commit>
///
/// Tags have a namespace of their own, since two repositories may have given
/// the same number to two builds: a fetch into `refs/tags` would fail at each
/// clash. Tags that do not clash also reach `refs/tags`, since git follows the
/// tags of the commits it fetches.
struct RemoteRecords {
    let remote: String

    /// The refspecs for `git fetch`, as in git-fetch(1).
    ///
    /// They are patterns, since git refuses to fetch a named reference that
    /// does not exist yet.
    var refspecs: [String] {
        [
            "+refs/notes/\(RecordNotes.name)*:refs/notes/\(remote)/\(RecordNotes.name)*",
            "+refs/tags/zentoo*:\(tagSpace)zentoo*",
            "+\(BuildSeries.latestPrefix)*:\(space)latest/*",
            "+\(own)failed*:\(space)failed*",
        ]
    }

    /// Returns the reference of the remote's notes.
    func notes() throws -> RefName { try .notes("\(remote)/\(RecordNotes.name)") }

    /// The prefix of its tags, in place of `refs/tags/`.
    var tagSpace: String { "\(space)tags/" }

    /// Returns the remote's references of failed builds, by their names in this
    /// repository.
    func failures(
        in repository: Repository
    ) throws -> [(name: RefName, commit: ObjectID)] {
        try repository.references(under: "\(space)failed").compactMap { name, id in
            try name.suffix(after: space).map { (try RefName(own + $0), id) }
        }
    }

    private var own: String { "refs/zentoo/" }
    private var space: String { "refs/zentoo/remotes/\(remote)/" }
}
