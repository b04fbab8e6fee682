internal import Git

extension Whence {
    /// The series that have builds, sorted.
    ///
    /// - Parameter site: only this site's; all sites' when nil.
    /// - Throws: ``GitError``.
    public func series(of site: ZentooName? = nil) throws -> [BuildSeries] {
        var found: [BuildSeries] = []
        let top = TreePath(Self.buildDirectory)
        for siteName in try site.map({ [$0.text] }) ?? names(in: top) {
            guard let site = try? ZentooName(siteName) else { continue }
            found += try names(in: top.appending(siteName))
                .compactMap { BuildSeries(site: site, tuple: $0) }
        }
        return found.sorted()
    }

    /// The roots whose branches were built, sorted.
    ///
    /// - Throws: ``GitError``.
    public func roots() throws -> [ZentooName] {
        try names(in: TreePath(Self.rootDirectory)).compactMap { try? ZentooName($0) }
    }

    /// The stages that were bootstrapped, sorted, each with the tuple of its
    /// newest bootstrap.
    ///
    /// - Parameter site: only this site's; all sites' when nil.
    /// - Throws: ``GitError``.
    public func stages(of site: ZentooName? = nil) throws -> [BuildSeries] {
        var found: [BuildSeries] = []
        let top = TreePath(Self.stageDirectory)
        for site in try site.map({ [$0.text] }) ?? names(in: top) {
            for stage in try names(in: top.appending(site)) {
                let directory = Self.path(Self.stageDirectory, site, stage)
                for build in try builds(in: directory) {
                    guard let result = try result(of: build, at: directory) else { continue }
                    found.append(result.series)
                    break
                }
            }
        }
        return found.sorted()
    }

    /// The builds of a series, newest first.
    ///
    /// - Throws: ``GitError``.
    public func builds(of series: BuildSeries) throws -> [BuildID] {
        try builds(in: Self.directory(of: series))
    }

    /// The builds of a root's branch, newest first.
    ///
    /// - Throws: ``GitError``.
    public func builds(ofRoot root: ZentooName) throws -> [BuildID] {
        try builds(in: Self.path(Self.rootDirectory, root.text))
    }

    /// How a build of a series ended; nil when there is no such build.
    ///
    /// - Throws: ``GitError``.
    public func result(of build: BuildID, in series: BuildSeries) throws -> BuildResult? {
        try result(of: build, at: Self.directory(of: series))
    }

    /// How a build of a root's branch ended; nil when there is no such build.
    ///
    /// - Throws: ``GitError``.
    public func result(of build: BuildID, inRoot root: ZentooName) throws -> BuildResult? {
        try result(of: build, at: Self.path(Self.rootDirectory, root.text))
    }

    /// The results of all builds whose ids begin with `prefix`, oldest first.
    ///
    /// - Throws: ``GitError``.
    public func results(beginningWith prefix: String) throws -> [BuildResult] {
        var directories = try series().map { Self.directory(of: $0) }
        directories += try roots().map { Self.path(Self.rootDirectory, $0.text) }
        directories += try stages().map { Self.directory(of: $0) }
        return try directories.flatMap { directory in
            try names(in: directory).filter { $0.hasPrefix(prefix) }
                .compactMap { try BuildID($0).flatMap { try result(of: $0, at: directory) } }
        }.sorted { $0.build < $1.build }
    }

    private func builds(in directory: TreePath) throws -> [BuildID] {
        BuildOrder().newestFirst(try names(in: directory).compactMap { BuildID($0) })
    }

    private func result(of build: BuildID, at directory: TreePath) throws -> BuildResult? {
        try lines(at: directory.appending(build.description))
            .compactMap { BuildResult($0) }.first { $0.build == build }
    }
}
