internal import Git
internal import Zentoo

extension Session {
    /// What makes branches of directories here.
    ///
    /// - Throws: `ExecError` when git does not know who is committing.
    func importer() async throws -> BranchImporter {
        BranchImporter(
            repository, git: git, identity: try await identity(),
            remote: settings.remote(of: siteName))
    }
}
