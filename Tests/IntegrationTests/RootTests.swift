import Exec
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// Sessions in roots, and what happens to the packages compiled there.
    @Suite struct RootTests {
        private static let tuple = "x86-64-v3-base-plain-tool"
        private static let package = "dev-util/text2c/text2c-1.0-1.gpkg.tar"

        private func withRoot(_ body: (DemoSite) async throws -> Void) async throws {
            try await DemoWorkshop.withSite { site in
                try await site.zentoo("new-root", "desk", Self.tuple).orThrow()
                try await body(site)
            }
        }

        @Test func changesAreDiscardedUnlessKept() async throws {
            try await withRoot { site in
                let left = try await site.zentoo("enter", "desk", "--", "sh", "-c", "exit 7")
                #expect(left == CommandResult(output: "", errors: "", status: 7))
                try await site.zentoo("enter", "desk", "--", "touch", "/made").orThrow()
                try await site.zentoo(
                    "enter", "desk", "--", "sh", "-c", "test ! -e /made && test -s /etc/os-release"
                ).orThrow()
                #expect(try await site.leftovers() == [])

                try await site.zentoo("enter", "--keep", "desk", "--", "touch", "/made").orThrow()
                #expect(
                    try await site.zentoo("root", "status", "desk").output.contains("  kept "))
                try await site.zentoo("enter", "--keep", "desk", "--", "test", "-e", "/made")
                    .orThrow()
                try await site.zentoo("root", "reset", "desk").orThrow()
                #expect(
                    try await site.zentoo("enter", "desk", "--", "test", "-e", "/made").status == 1)
                try await site.zentoo("root", "remove", "desk").orThrow()
                #expect(try await site.leftovers() == [])
                #expect(try await site.damage() == "")
            }
        }

        @Test func packageLikeThatOfBuildIsAdopted() async throws {
            try await withRoot { site in
                // An uncommitted selection of packages does not prevent adoption.
                let session = try await site.zentoo(
                    "enter", "desk", "--", "sh", "-c",
                    "echo 'app-misc/zen nls' >/etc/portage/package.use/mine; "
                        + "emerge -q1 dev-util/text2c"
                ).orThrow()
                #expect(session.errors.contains("adopted \(Self.package) into the pool"))
                // All of Portage's sandboxes work, the network sandbox too.
                #expect(!(session.output + session.errors).contains("Unable to"), "\(session)")
                #expect(try await site.poolFiles().count == 1)
                let status = try await site.zentoo("root", "status", "desk").output
                #expect(status.contains("A  etc/portage/package.use/mine"))
                #expect(!status.contains("text2c"))

                let built = try await site.zentoo("build", Self.tuple).orThrow()
                #expect(built.errors.contains("to compile: 0, from the pool: 1"), "\(built)")
                let again = try await site.zentoo(
                    "enter", "desk", "--", "emerge", "-pq", "dev-util/text2c"
                ).orThrow()
                #expect(again.output.contains("[binary"), "\(again)")
            }
        }

        @Test(arguments: [
            ("the environment", "CFLAGS=-O0 emerge -q1 dev-util/text2c", "CFLAGS='-O0'"),
            ("what Portage does not write down", "MAKEFLAGS=-k emerge -q1 dev-util/text2c", "-k"),
            ("a feature", "FEATURES=nostrip emerge -q1 dev-util/text2c", "was built with"),
            (
                "a patch, though it is taken back",
                "mkdir -p /etc/portage/patches/dev-util/text2c; emerge -q1 dev-util/text2c; "
                    + "rm -r /etc/portage/patches/dev-util", "was changed in the session"
            ),
            (
                "the root", "echo >/usr/include/odd.h; emerge -q1 dev-util/text2c",
                "'/usr/include/odd.h' was changed"
            ),
            (
                "a package with other flags",
                "USE=-color emerge -q1 app-misc/zen && emerge -q1 dev-util/text2c",
                "when 'app-misc/zen-1.2.0' was in the root"
            ),
        ])
        func doubtfulPackageStaysInRoot(
            what: String, command: String, reason: String
        ) async throws {
            try await withRoot { site in
                let session = try await site.zentoo("enter", "desk", "--", "sh", "-c", command)
                    .orThrow()
                let line = session.errors.split(separator: "\n").first {
                    $0.hasPrefix("\(Self.package) stays the root's own: ")
                }
                #expect(line?.contains(reason) == true, "\(what): \(session)")
                let pool = try await site.poolFiles()
                #expect(!pool.contains { $0.hasSuffix(Self.package) }, "\(what)")
                // The package is there the next time, for this root only.
                let again = try await site.zentoo(
                    "enter", "desk", "--", "emerge", "-pq", "dev-util/text2c"
                ).orThrow()
                #expect(again.output.contains("[binary"), "\(what): \(again)")
            }
        }

        @Test func editedWorktreeHasOwnFlavour() async throws {
            try await withRoot { site in
                let conf = site.state.appending(
                    "roots/desk/tree/etc/portage/make.conf/50-make.conf")
                let text = try Processes.text(of: conf)
                try FileContent.write(Array("\(text)\nCFLAGS=\"${CFLAGS} -g0\"\n".utf8), to: conf)
                let session = try await site.zentoo(
                    "enter", "desk", "--", "emerge", "-q1", "dev-util/text2c"
                ).orThrow()
                #expect(
                    session.errors.contains(
                        "'/etc/portage/make.conf/50-make.conf' is not as it was committed"),
                    "\(session)")
                #expect(try await site.poolFiles() == [])
                // After the edit is reverted, that package is not offered.
                try FileContent.write(Array(text.utf8), to: conf)
                let again = try await site.zentoo(
                    "enter", "desk", "--", "emerge", "-pq", "dev-util/text2c"
                ).orThrow()
                #expect(again.output.contains("[ebuild"), "\(again)")
            }
        }

        @Test func rootHasOneSessionAtATime() async throws {
            try await withRoot { site in
                let portage = site.state.appending("roots/desk/tree/etc/portage")
                try await withThrowingTaskGroup(of: CommandResult.self) { group in
                    group.addTask {
                        try await site.zentoo(
                            "enter", "desk", "--", "sh", "-c",
                            "touch /etc/portage/in; "
                                + "until test -e /etc/portage/out; do sleep 0.1; done")
                    }
                    while try FileStatus.of(portage.appending("in")) == nil {
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    let second = try await site.zentoo("enter", "desk", "--", "true")
                    #expect(second.status == 128)
                    #expect(
                        second.errors.hasPrefix("fatal: root 'desk' is in use: entered (process "),
                        "\(second)")
                    try FileContent.write([], to: portage.appending("out"))
                    #expect(try await group.next()?.status == 0)
                }
            }
        }
    }
}
