internal import Builds
internal import Edits
internal import Git

extension Session {
    /// Returns the importer that creates branches from directories.
    ///
    /// - Throws: `ZentooError` if git does not know the committer.
    func importer() async throws -> BranchImporter {
        BranchImporter(
            repository, git: git, identity: try await identity(),
            remote: settings.remote(of: siteName))
    }

    /// Returns the maker of new parts of the site.
    ///
    /// - Throws: `ZentooError` if git does not know the committer.
    func partMaker() async throws -> PartMaker {
        PartMaker(try site(), git: git, identity: try await identity())
    }
}
