import Exec
import Glibc
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// A root with a user at a terminal, which script(1) simulates.
    @Suite(
        .enabled(if: access("/usr/bin/script", X_OK) == 0, "needs script(1)"))
    struct RootTerminalTests {
        @Test(arguments: RootUser.all)
        func shellHasPromptJobControlAndStatus(user: RootUser) async throws {
            try await user.withRoot { site in
                let pause = Int.random(in: 1_000_000..<9_000_000)
                let said = try await play(
                    "git zentoo enter desk", in: site,
                    typing: #"""
                        await '(desk) root@zentoo'
                        printf 'set -o | grep monitor; stty size; tty\n'
                        await /dev/console
                        printf 'sleep \#(pause)\n'
                        await_argument \#(pause)
                        printf '\032'
                        await Stopped
                        printf 'jobs; kill %%1; exit 5\nexit 5\n'
                        """#)
                #expect(said.output.contains("(desk) root@zentoo:/#"), "\(said)")
                #expect(said.output.contains("31 97"), "\(said)")
                #expect(said.output.contains("/dev/console"), "\(said)")
                #expect(said.output.contains("monitor        \ton"), "\(said)")
                #expect(said.output.contains("Stopped                 sleep \(pause)"), "\(said)")
                #expect(said.status == 5, "\(said)")
                #expect(try await site.leftovers() == [])
            }
        }

        @Test(arguments: RootUser.all)
        func onlyCommandGetsCtrlC(user: RootUser) async throws {
            try await user.withRoot { site in
                let command =
                    "trap 'echo caught; exit 9' INT; touch /etc/portage/in; "
                    + "while :; do sleep 0.1; done"
                let said = try await play(
                    "git zentoo enter desk -- sh -c \"\(command)\"", in: site,
                    typing: """
                        until test -e '\(site.state)/roots/desk/tree/etc/portage/in'; do
                            sleep 0.1
                        done
                        printf '\\003'
                        """)
                #expect(said.output.contains("caught"), "\(said)")
                #expect(said.status == 9, "\(said)")
                #expect(try await site.leftovers() == [])
            }
        }

        /// Runs a command at a terminal of 31 lines and 97 columns, where a script of
        /// sh(1) types; the script can `await` output and `await_argument` of a running
        /// process.
        private func play(
            _ command: String, in site: DemoSite, typing script: String
        ) async throws -> CommandResult {
            let log = site.root.appending("terminal")
            let completion = try await site.invocation(
                "sh",
                [
                    "-c",
                    """
                    await() {
                        until grep -qF -e "$1" '\(log)' || test -e '\(log).end'; do sleep 0.1; done
                    } 2>/dev/null
                    await_argument() {
                        # Not our own grep.
                        until grep -qsxz -e "[${1%"${1#?}"}]${1#?}" /proc/[0-9]*/cmdline ||
                            test -e '\(log).end'; do sleep 0.1; done
                    }
                    {
                        \(script)
                        until test -e '\(log).end'; do sleep 0.1; done
                    } | SHELL=/bin/sh script --quiet --flush --return --command "$1" '\(log)'
                    """,
                    "play",
                    "stty rows 31 cols 97; \(command); status=$?; : >'\(log).end'; exit $status",
                ]
            ).run()
            return CommandResult(
                output: String(decoding: completion.output, as: UTF8.self),
                errors: String(decoding: completion.errors, as: UTF8.self),
                status: completion.status.shellStatus)
        }
    }
}

/// The user that works in a root.
enum RootUser: String, Sendable, CustomTestStringConvertible {
    /// The user that runs the tests.
    case tester
    /// An unprivileged user with ids in `/etc/subuid`, which root can become.
    case plain

    var testDescription: String { rawValue }

    static var all: [RootUser] {
        DemoWorkshop.isRoot && PlainUser.name != nil ? [.tester, .plain] : [.tester]
    }

    /// Runs `body` with a site that has the root `desk`.
    func withRoot(_ body: (DemoSite) async throws -> Void) async throws {
        try await DemoWorkshop.withSite { site in
            var site = site
            if self == .plain { try await site.handOver(to: #require(PlainUser.name)) }
            try await site.zentoo("new-root", "desk", "x86-64-v3-base-plain-tool").orThrow()
            // This unpacks the stage if that has not been done yet.
            try await site.zentoo("enter", "desk", "--", "true").orThrow()
            try await body(site)
        }
    }
}
