import Exec
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// What can go wrong with the machine. Each is really so, in a mount
    /// namespace of the command's own that ends with it.
    @Suite(.enabled(if: DemoWorkshop.isRoot, "needs root to mount"))
    struct MachineTests {
        private let tuple = "x86-64-v3-base-plain-tool"

        /// Runs `git zentoo build` where `mounts`, a shell script, has changed
        /// the machine.
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

        /// Nothing is recorded or left, and on a sound machine all is well.
        private func checkNothingLost(_ site: DemoSite) async throws {
            #expect(try await site.tags() == [])
            #expect(try await site.damage() == "")
            try await site.zentoo("build", tuple).orThrow()
            #expect(try await site.record(tuple, 1).packages.count == 1)
            #expect(try await site.poolFiles().count == 1)
            #expect(try await site.leftovers() == [])
        }

        @Test func aFullDiskUnderThePoolFailsTheBuild() async throws {
            try await DemoWorkshop.withSite { site in
                try Directory.create(site.pool)
                let result = try await build(
                    site, where: "mount -t tmpfs -o size=16k,nr_inodes=64 tmpfs '\(site.pool)'")
                #expect(result.status == 1 || result.status == 128, "\(result)")
                #expect("\(result)".contains("No space left on device"), "\(result)")
                try await checkNothingLost(site)
            }
        }

        @Test func aFullDiskUnderTheJobFailsTheBuild() async throws {
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

        @Test func aFullDiskUnderTheRepositoryLeavesItSound() async throws {
            try await DemoWorkshop.withSite { site in
                // Full as soon as the record shall be written: objects and
                // references can no longer be.
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

        @Test func aStateDirectoryThatCannotBeWrittenIsToldAtOnce() async throws {
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

        @Test func aStateDirectoryOnAnOverlayIsRefusedWithAHint() async throws {
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

        @Test func aMissingBubblewrapIsNamedWithWhatInstallsIt() async throws {
            try await DemoWorkshop.withSite { site in
                // Whiteouts: /usr/bin as it is, but for one program.
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
