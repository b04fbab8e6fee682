internal import Git
package import Sites

extension Whence {
    /// Returns the series that have builds, sorted.
    ///
    /// - Parameter site: only this site's; those of all sites if nil.
    /// - Throws: ``GitError``.
    package func series(of site: ZentooName? = nil) throws -> [BuildSeries] {
        var found: [BuildSeries] = []
        let top = TreePath(Self.buildDirectory)
        for siteName in try site.map({ [$0.text] }) ?? names(in: top) {
            guard let site = try? ZentooName(siteName) else { continue }
            found += try names(in: top.appending(siteName))
                .compactMap { BuildSeries(site: site, tuple: $0) }
        }
        return found.sorted()
    }

    /// Returns the roots whose branches were built, sorted.
    ///
    /// - Throws: ``GitError``.
    package func roots() throws -> [ZentooName] {
        try names(in: TreePath(Self.rootDirectory)).compactMap { try? ZentooName($0) }
    }

    /// Returns the stages that were bootstrapped, sorted, each with the tuple
    /// of its newest bootstrap.
    ///
    /// - Parameter site: only this site's; those of all sites if nil.
    /// - Throws: ``GitError``.
    package func stages(of site: ZentooName? = nil) throws -> [BuildSeries] {
        var found: [BuildSeries] = []
        let top = TreePath(Self.stageDirectory)
        for site in try site.map({ [$0.text] }) ?? names(in: top) {
            for stage in try names(in: top.appending(site)) {
                let directory = Self.path(Self.stageDirectory, site, stage)
                try eachBuild(in: directory) { build in
                    guard let result = try result(of: build, at: directory) else { return true }
                    found.append(result.series)
                    return false
                }
            }
        }
        return found.sorted()
    }

    /// Returns the builds of a series, newest first.
    ///
    /// - Parameter limit: the maximum number to return; all if nil.
    /// - Throws: ``GitError``.
    package func builds(of series: BuildSeries, limit: Int? = nil) throws -> [BuildID] {
        try builds(in: Self.directory(of: series), limit: limit)
    }

    /// Returns the builds of a root's branch, newest first.
    ///
    /// - Parameter limit: the maximum number to return; all if nil.
    /// - Throws: ``GitError``.
    package func builds(ofRoot root: ZentooName, limit: Int? = nil) throws -> [BuildID] {
        try builds(in: Self.path(Self.rootDirectory, root.text), limit: limit)
    }

    /// Calls `body` with the builds of a series, newest first, until it returns
    /// false; older builds are not read.
    ///
    /// - Throws: ``GitError``, and what `body` throws.
    func eachBuild(of series: BuildSeries, _ body: (BuildID) throws -> Bool) throws {
        try eachBuild(in: Self.directory(of: series), body)
    }

    /// Returns the result of a build of a series; nil when there is no such
    /// build.
    ///
    /// - Throws: ``GitError``.
    package func result(of build: BuildID, in series: BuildSeries) throws -> BuildResult? {
        try result(of: build, at: Self.directory(of: series))
    }

    /// Returns the result of a build of a root's branch; nil when there is no
    /// such build.
    ///
    /// - Throws: ``GitError``.
    package func result(of build: BuildID, inRoot root: ZentooName) throws -> BuildResult? {
        try result(of: build, at: Self.path(Self.rootDirectory, root.text))
    }

    /// Returns the results of all builds whose ids begin with `prefix`, oldest
    /// first.
    ///
    /// - Throws: ``GitError``.
    package func results(beginningWith prefix: String) throws -> [BuildResult] {
        var directories = try series().map { Self.directory(of: $0) }
        directories += try roots().map { Self.path(Self.rootDirectory, $0.text) }
        directories += try stages().map { Self.directory(of: $0) }
        return try directories.flatMap { directory in
            try names(in: directory).filter { $0.hasPrefix(prefix) }
                .compactMap { try BuildID($0).flatMap { try result(of: $0, at: directory) } }
        }.sorted { $0.build < $1.build }
    }

    private func builds(in directory: TreePath, limit: Int?) throws -> [BuildID] {
        var builds: [BuildID] = []
        guard limit != 0 else { return builds }
        try eachBuild(in: directory) { build in
            builds.append(build)
            return limit.map { builds.count < $0 } ?? true
        }
        return builds
    }

    private func eachBuild(
        in directory: TreePath, _ body: (BuildID) throws -> Bool
    ) throws {
        let order = BuildOrder()
        var news = unstoredNames(in: directory).compactMap { BuildID($0) }.sorted()[...]
        var fromTheFuture: [BuildID] = []
        var isWanted = true
        func take(_ build: BuildID) throws {
            if order.isFromTheFuture(build) {
                fromTheFuture.append(build)
            } else {
                isWanted = try body(build)
            }
        }
        // The names in the tree are sorted, and so are the ids.
        if let tree, let entry = try repository.entry(in: tree, directory), entry.mode == .tree {
            try repository.eachNameFromEnd(of: entry.id) { name in
                guard let build = BuildID(String(decoding: name, as: UTF8.self)) else {
                    return true
                }
                while isWanted, let new = news.last, new >= build {
                    news.removeLast()
                    if new > build { try take(new) }
                }
                if isWanted { try take(build) }
                return isWanted
            }
        }
        while isWanted, let new = news.popLast() { try take(new) }
        for build in fromTheFuture where isWanted { isWanted = try body(build) }
    }

    private func result(of build: BuildID, at directory: TreePath) throws -> BuildResult? {
        try lines(at: directory.appending(build.description))
            .compactMap { BuildResult($0) }.first { $0.build == build }
    }
}
