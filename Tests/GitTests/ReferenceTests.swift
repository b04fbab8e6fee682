import Exec
import Git
import SystemPackage
import TestSupport
import Testing

@Suite struct ReferenceTests {
    @Test(arguments: [
        "refs/heads/main", "refs/heads/portage/base", "refs/tags/zentoo/main/t/1", "HEAD",
        "refs/notes/zentoo", "refs/heads/a@b", "refs/heads/@", "refs/heads/ü",
    ])
    func namesGitAcceptsAreValid(name: String) async throws {
        #expect("\(try RefName(name))" == name)
        try await TemporaryRepository.with { temporary in
            try await temporary.git("check-ref-format", "--allow-onelevel", name)
        }
    }

    @Test(arguments: [
        "refs/heads/.a", "refs/heads/a.lock", "refs/heads/a.lock/b", "refs/heads/a..b",
        "refs/heads/a b", "refs/heads/a~1", "refs/heads/a^", "refs/heads/a:b", "refs/heads/a?",
        "refs/heads/a*", "refs/heads/[a", "refs/heads/", "refs/heads//a", "refs/heads/a.",
        "refs/heads/a@{1}", #"refs/heads/a\b"#, "refs/heads/a\u{7f}", "refs/heads/a\nb", "", "/",
    ])
    func namesGitRefusesAreInvalid(name: String) async throws {
        #expect(throws: GitError.self) { try RefName(name) }
        try await TemporaryRepository.with { temporary in
            let status = try await temporary.git.invocation(
                ["check-ref-format", "--allow-onelevel", name]
            ).run().status
            #expect(!status.isSuccess)
        }
    }

    @Test func branchesAndTagsAreDistinguished() throws {
        #expect(try RefName.branch("portage/base").branchName == "portage/base")
        #expect(try RefName.tag("v1").tagName == "v1")
        #expect(try RefName.tag("v1").branchName == nil)
        #expect(throws: GitError.self) { try RefName.branch("HEAD") }
        #expect(throws: GitError.self) { try RefName.branch("-d") }
        #expect(throws: GitError.self) { try RefName("main") }
    }

    @Test func expectedOldValueIsChecked() async throws {
        try await TemporaryRepository.with { temporary in
            let one = try temporary.commit(files: ["a": "1"])
            let two = try temporary.commit(files: ["a": "2"])
            let repository = try temporary.open()
            let name = try RefName("refs/zentoo/latest/main/t")
            try repository.set(name, to: one, expecting: .absent)
            expectConflict { try repository.set(name, to: two, expecting: .absent) }
            expectConflict { try repository.set(name, to: one, expecting: .value(two)) }
            try repository.set(name, to: two, expecting: .value(one), message: "moved")
            #expect(try repository.resolve(name) == two)
            expectConflict { try repository.delete(name, expecting: .value(one)) }
            // The names a and a/b exclude each other.
            expectConflict {
                try repository.set(RefName("\(name)/1"), to: one, expecting: .absent)
            }
            #expect(try repository.delete(name, expecting: .value(two)))
            #expect(try repository.resolve(name) == nil)
            #expect(try !repository.delete(name))
            expectConflict { try repository.set(name, to: two, expecting: .value(one)) }
            expectConflict { try repository.delete(name, expecting: .value(one)) }
        }
    }

    @Test func packedReferencesAreFound() async throws {
        try await TemporaryRepository.with { temporary in
            let one = try temporary.commit(files: ["a": "1"], on: "portage/base")
            try temporary.commit(files: ["a": "1"], on: "portage/web")
            try temporary.commit(files: ["a": "1"], on: "portages")
            try await temporary.git("pack-refs", "--all")
            let repository = try temporary.open()
            let found = try repository.references(under: "refs/heads/portage/").map {
                $0.name.branchName
            }
            #expect(found == ["portage/base", "portage/web"])
            expectConflict {
                try repository.set(.branch("portage/base"), to: one, expecting: .absent)
            }
            #expect(try repository.head() == .branch(.branch("main")))
            try repository.setSymbolic(.head, to: .branch("portage/base"))
            #expect(try repository.resolve(.head) == one)
            try await temporary.git("checkout", "--quiet", "--detach")
            #expect(try repository.head() == .detached(one))
        }
    }

    /// git_reference_create without force occasionally lets two writers succeed.
    @Test func concurrentCreationHasOneWinner() async throws {
        try await TemporaryRepository.with { temporary in
            let commits = try (0..<4).map { try temporary.commit(files: ["a": "\($0)"]) }
            for round in 0..<25 {
                let name = try RefName.tag("zentoo/main/t/\(round)")
                let winners = try await withThrowingTaskGroup(of: ObjectID?.self) { group in
                    for commit in commits {
                        group.addTask {
                            do {
                                try temporary.open().set(name, to: commit, expecting: .absent)
                                return commit
                            } catch let error as GitError where error.code == .conflict {
                                return nil
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }.compactMap { $0 }
                }
                #expect(winners.count == 1)
                #expect(try temporary.open().resolve(name) == winners.first)
            }
        }
    }

    @Test func transactionChangesAllOrNothing() async throws {
        try await TemporaryRepository.with { temporary in
            let one = try temporary.commit(files: ["a": "1"])
            let two = try temporary.commit(files: ["a": "2"])
            let repository = try temporary.open()
            let main = try RefName.branch("main")
            let other = try RefName.branch("portage/base")
            expectConflict {
                try repository.transaction([
                    RefChange(other, to: one, expecting: .absent),
                    RefChange(main, to: one, expecting: .value(one)),
                ])
            }
            #expect(try repository.resolve(other) == nil)
            #expect(try repository.resolve(main) == two)
            try repository.transaction([
                RefChange(other, to: two, expecting: .absent),
                RefChange(main, to: one, expecting: .value(two)),
            ])
            #expect(try repository.resolve(other) == two)
            #expect(try repository.resolve(main) == one)
            try await temporary.git("pack-refs", "--all")
            expectConflict {
                try repository.transaction([
                    RefChange(.branch("portage/base/x"), to: two, expecting: .absent)
                ])
            }
            try repository.transaction([
                RefChange(other, to: nil, expecting: .value(two)),
                RefChange(main, to: two, expecting: .value(one)),
            ])
            #expect(try repository.resolve(other) == nil)
            #expect(try repository.resolve(main) == two)
            #expect(
                try await temporary.git.checkIntegrity(gitDirectory: temporary.gitDirectory) == [])
        }
    }

    /// Writing to packed references takes a second lock midway.
    @Test func concurrentTransactionsAllSucceed() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let setUp = try temporary.open()
            for index in 0..<20 {
                try setUp.set(.branch("old/\(index)"), to: commit, expecting: .absent)
            }
            try await temporary.git("pack-refs", "--all")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        let repository = try temporary.open()
                        for index in stride(from: writer, to: 20, by: 4) {
                            try repository.transaction([
                                RefChange(
                                    .branch("old/\(index)"), to: nil, expecting: .value(commit)),
                                RefChange(
                                    .branch("new/\(index)"), to: commit, expecting: .absent),
                            ])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let repository = try temporary.open()
            #expect(try repository.references(under: "refs/heads/old/").isEmpty)
            #expect(try repository.references(under: "refs/heads/new/").count == 20)
        }
    }

    @Test func staleLockIsNamed() async throws {
        try await TemporaryRepository.with { temporary in
            let one = try temporary.commit(files: ["a": "1"])
            try FileDescriptor.open(
                temporary.gitDirectory.appending("refs/heads/x.lock"), .writeOnly,
                options: .create, permissions: .ownerReadWrite
            ).close()
            let error = #expect(throws: GitError.self) {
                try temporary.open().set(.branch("x"), to: one, expecting: .absent)
            }
            #expect(error?.code == .locked)
            let lock = temporary.gitDirectory.appending("refs/heads/x.lock")
            #expect(
                error?.message
                    == "cannot update ref 'refs/heads/x': failed to lock file '\(lock)' for writing"
            )
            #expect(error?.hints == ["remove that file if no git process is running"])
        }
    }
}

func expectConflict(
    _ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
) {
    let error = #expect(throws: GitError.self, sourceLocation: sourceLocation) { try body() }
    #expect(error?.code == .conflict, sourceLocation: sourceLocation)
}
