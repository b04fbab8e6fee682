import Exec
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// What can go wrong with the machine. Each fault is created in a mount
    /// namespace of the command, which ends with it.
    @Suite(.enabled(if: DemoWorkshop.isRoot, "needs root to mount"))
    struct MachineTests {
        private let tuple = "x86-64-v3-base-plain-tool"

        /// Runs `git zentoo build` after the shell script `mounts` has changed the
        /// machine.
        private func build(_ site: DemoSite, where mounts: String) async throws -> CommandResult {
            let completion = try await site.invocation(
                "unshare",
                ["--mount", "--", "sh", "-euc", mounts + "\nexec git zentoo build \(tuple)"]
            ).run()
            return CommandResult(
                output: String(decoding: completion.output, as: UTF8.self),
                errors: String(decoding: completion.errors, as: UTF8.self),
                status: completion.status.shellStatus)
        }

        /// Checks that nothing is recorded or left, and that a build then succeeds
        /// without the fault.
        private func checkNothingLost(_ site: DemoSite) async throws {
            #expect(try await site.tags() == [])
            #expect(try await site.damage() == "")
            try await site.zentoo("build", tuple).orThrow()
            #expect(try await site.record(tuple, 1).packages.count == 1)
            #expect(try await site.poolFiles().count == 1)
            #expect(try await site.leftovers() == [])
        }

        @Test func fullPoolDiskFailsBuild() async throws {
            try await DemoWorkshop.withSite { site in
                try Directory.create(site.pool)
                let result = try await build(
                    site, where: "mount -t tmpfs -o size=16k,nr_inodes=64 tmpfs '\(site.pool)'")
                #expect(result.status == 1 || result.status == 128, "\(result)")
                #expect("\(result)".contains("No space left on device"), "\(result)")
                try await checkNothingLost(site)
            }
        }

        @Test func fullJobDiskFailsBuild() async throws {
            try await DemoWorkshop.withSite { site in
                let jobs = site.state.appending("jobs")
                try Directory.create(jobs)
                let result = try await build(
                    site, where: "mount -t tmpfs -o size=300k tmpfs '\(jobs)'")
                #expect(result.status == 1 || result.status == 128, "\(result)")
                #expect("\(result)".contains("No space left on device"), "\(result)")
                try await checkNothingLost(site)
            }
        }

        @Test func fullRepositoryDiskCorruptsNothing() async throws {
            try await DemoWorkshop.withSite { site in
                // The disk is full when the record is to be written: neither objects nor
                // references can be.
                let result = try await build(
                    site,
                    where: """
                        mkdir -p '\(site.root)/copy'
                        mount -t tmpfs -o size=2m tmpfs '\(site.root)/copy'
                        cp -a '\(site.repository)/.' '\(site.root)/copy'
                        mount --bind '\(site.root)/copy' '\(site.repository)'
                        head -c 4m /dev/zero >'\(site.repository)/ballast' 2>/dev/null || :
                        """)
                #expect(result.status == 128, "\(result)")
                #expect("\(result)".contains("No space left on device"), "\(result)")
                try await checkNothingLost(site)
            }
        }

        @Test func readOnlyStateDirectoryIsReported() async throws {
            try await DemoWorkshop.withSite { site in
                let result = try await build(
                    site,
                    where: """
                        mount --bind '\(site.state)' '\(site.state)'
                        mount -o remount,bind,ro '\(site.state)'
                        """)
                #expect(result.status == 128)
                #expect(result.errors.contains("\(site.state)"), "\(result)")
                #expect(result.errors.contains("Read-only file system"), "\(result)")
                try await checkNothingLost(site)
            }
        }

        @Test func stateDirectoryOnOverlayIsRefusedWithHint() async throws {
            try await DemoWorkshop.withSite { site in
                let result = try await build(
                    site,
                    where: """
                        mkdir '\(site.root)/upper' '\(site.root)/work'
                        mount -t overlay -o 'lowerdir=\(site.state),upperdir=\(site.root)/upper,\
                        workdir=\(site.root)/work' overlay '\(site.state)'
                        """)
                #expect(result.status == 128)
                #expect(result.errors.contains("its file system is an overlay itself"), "\(result)")
                #expect(result.errors.contains("hint: "), "\(result)")
                try await checkNothingLost(site)
            }
        }

        @Test func missingBubblewrapIsReportedWithHint() async throws {
            try await DemoWorkshop.withSite { site in
                // A whiteout hides one program of /usr/bin.
                let result = try await build(
                    site,
                    where: """
                        mkdir '\(site.root)/upper' '\(site.root)/work'
                        mknod '\(site.root)/upper/bwrap' c 0 0
                        mount -t overlay -o 'lowerdir=/usr/bin,upperdir=\(site.root)/upper,\
                        workdir=\(site.root)/work' overlay /usr/bin
                        """)
                #expect(result.status == 128)
                #expect(result.errors.contains("bwrap"), "\(result)")
                #expect(result.errors.contains("hint: "), "\(result)")
                try await checkNothingLost(site)
            }
        }
    }
}
