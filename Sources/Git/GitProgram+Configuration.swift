internal import Exec
public import SystemPackage

extension GitProgram {
    /// Returns all settings that apply in a repository, or outside of any.
    ///
    /// libgit2's own reader does not know `git -c` and the `GIT_CONFIG_*`
    /// variables.
    ///
    /// - Throws: `ExecError`, for example when a file cannot be parsed.
    public func configuration(gitDirectory: FilePath?) async throws -> Configuration {
        let listing = try await run(
            ["config", "--list", "-z"], gitDirectory: gitDirectory,
            directory: gitDirectory == nil ? "/" : nil)
        return Configuration(listing: listing.output, homeDirectory: environment["HOME"])
    }

    /// Sets a setting of the repository, replacing all its values.
    ///
    /// - Throws: `ExecError`.
    public func setConfiguration(_ key: String, to value: String, gitDirectory: FilePath)
        async throws
    {
        try await run(
            ["config", "--local", "--replace-all", "--", key, value], gitDirectory: gitDirectory)
    }

    /// Adds a value to a multi-valued setting of the repository unless it is
    /// already there.
    ///
    /// - Throws: `ExecError`.
    public func addConfiguration(_ key: String, _ value: String, gitDirectory: FilePath)
        async throws
    {
        let present = try await invocation(
            ["config", "--local", "-z", "--get-all", "--", key], gitDirectory: gitDirectory
        ).run()
        let wanted = Array(value.utf8)
        let isPresent = present.output.split(separator: 0).contains { $0.elementsEqual(wanted) }
        if isPresent { return }
        try await run(
            ["config", "--local", "--add", "--", key, value], gitDirectory: gitDirectory)
    }

    /// Removes all values of a setting of the repository.
    ///
    /// - Returns: whether there was one.
    /// - Throws: `ExecError`.
    @discardableResult
    public func unsetConfiguration(_ key: String, gitDirectory: FilePath) async throws -> Bool {
        let completion = try await invocation(
            ["config", "--local", "--unset-all", "--", key], gitDirectory: gitDirectory
        ).run()
        if completion.status == .exited(Self.nothingToUnset) { return false }
        try completion.orThrow()
        return true
    }

    /// git-config(1): "you try to unset an option which does not exist".
    private static let nothingToUnset: Int32 = 5
}
