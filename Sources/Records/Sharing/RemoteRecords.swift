internal import Git

/// Where git puts what it fetches of a remote's records, beside our own:
///
///     refs/notes/<remote>/zentoo                        the notes
///     refs/zentoo/remotes/<remote>/tags/zentoo/...      the tags of builds
///     refs/zentoo/remotes/<remote>/latest/<site>/<tuple>
///     refs/zentoo/remotes/<remote>/failed/<site>/<tuple>/<commit>
///
/// Tags have a place of their own, since two repositories may have given one
/// number to two builds: a fetch into `refs/tags` would fail at each clash.
/// Those that do not clash get there as all tags do, as git follows tags of
/// what it fetches.
struct RemoteRecords {
    let remote: String

    /// What `git fetch` is told, as git-fetch(1) has it.
    ///
    /// Patterns, since git refuses a fetch that names a reference which is not
    /// there yet.
    var refspecs: [String] {
        [
            "+refs/notes/\(RecordNotes.name)*:refs/notes/\(remote)/\(RecordNotes.name)*",
            "+refs/tags/zentoo*:\(tagSpace)zentoo*",
            "+\(BuildSeries.latestPrefix)*:\(space)latest/*",
            "+\(own)failed*:\(space)failed*",
        ]
    }

    /// The remote's notes.
    func notes() throws -> RefName { try .notes("\(remote)/\(RecordNotes.name)") }

    /// What the names of its tags begin with, in the place of `refs/tags/`.
    var tagSpace: String { "\(space)tags/" }

    /// The references of failed builds: the remote's, and what we call each.
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
