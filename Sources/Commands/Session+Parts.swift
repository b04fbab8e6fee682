internal import Builds
internal import Edits
internal import Git

extension Session {
    /// What makes branches of directories here.
    ///
    /// - Throws: `ZentooError` when git does not know who is committing.
    func importer() async throws -> BranchImporter {
        BranchImporter(
            repository, git: git, identity: try await identity(),
            remote: settings.remote(of: siteName))
    }

    /// What makes new parts of the site.
    ///
    /// - Throws: `ZentooError` when git does not know who is committing.
    func partMaker() async throws -> PartMaker {
        PartMaker(try site(), git: git, identity: try await identity())
    }
}
