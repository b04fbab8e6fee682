@testable import Builds
import Testing

@Suite struct EmergeOutputTests {
    @Test func progressIsParsed() {
        #expect(
            EmergeOutput.event(">>> Emerging (1 of 10) app-misc/a-1::demo")
                == .emerging(index: 1, total: 10, package: "app-misc/a-1", binary: false))
        #expect(
            EmergeOutput.event(">>> Emerging binary (2 of 10) app-misc/a-1::demo")
                == .emerging(index: 2, total: 10, package: "app-misc/a-1", binary: true))
        #expect(
            EmergeOutput.event(">>> Completed (10 of 10) app-misc/a-1::demo")
                == .completed(index: 10, total: 10, package: "app-misc/a-1"))
        #expect(EmergeOutput.event(">>> Compiling source in /x ...") == .phase("compiling"))
        #expect(EmergeOutput.event(">>> Jobs: 1 of 2 complete") == nil)
    }

    @Test func sandboxWarningsAreParsed() {
        #expect(
            EmergeOutput.event("Unable to unshare: EPERM (for FEATURES=\"ipc-sandbox\")")
                == .unsandboxed("namespaces"))
        #expect(
            EmergeOutput.event("Unable to configure loopback interface: Operation not permitted")
                == .unsandboxed("network-sandbox"))
    }

    @Test func failureNamesPackageAndPhase() {
        #expect(
            EmergeOutput.event(" * ERROR: app-misc/a-1::demo failed (compile phase):")
                == .failed(package: "app-misc/a-1", phase: "compile"))
        #expect(EmergeOutput.event("ERROR: nothing failed here") == nil)
        #expect(
            EmergeOutput.event(">>> Failed to install app-misc/a-1, Log file:")
                == .givenUp(package: "app-misc/a-1"))
        #expect(
            EmergeOutput.event(">>> Failed to emerge app-misc/a-1::demo for /root/")
                == .givenUp(package: "app-misc/a-1"))
        #expect(EmergeOutput.event(" phase) failed ( ERROR: x") == nil)
    }

    @Test func onlyMissingSourcesAreFetched() {
        let compiled = "[ebuild  N     ] dev-libs/libzen-1.2::demo  0 KiB"
        let reused = "[binary   R    ] app-misc/zen-2.0-3::demo  0 KiB"
        #expect(MergePlan([compiled, reused]).fetches)
        #expect(!MergePlan([compiled, reused, "[sources complete]"]).fetches)
        #expect(!MergePlan([reused]).fetches)
        #expect(MergePlan([compiled, "[sources complete] maybe"]).fetches)
    }

    @Test func planIsParsedFromPortage() {
        let plan = MergePlan([
            "These are the packages that would be merged, in order:",
            "[ebuild  N     ] dev-libs/libzen-1.2-r1:1/1::demo  USE=\"color -static\" 4 KiB",
            "[binary   R    ] app-misc/a-b-2.0-3::demo  USE=\"nls\" L10N=\"de\" 0 KiB",
            "!!! All ebuilds that could satisfy \"x/y\" have been masked.",
            "Total: 2 packages",
        ])
        #expect(plan.built == 1)
        #expect(plan.reused == 1)
        #expect(plan.entries[0].cpv == "dev-libs/libzen-1.2-r1")
        #expect(plan.entries[0].buildNumber == nil)
        #expect(plan.entries[0].letters == "N")
        #expect(plan.entries[0].flags == "USE=\"color -static\"")
        #expect(plan.entries[1].cpv == "app-misc/a-b-2.0")
        #expect(plan.entries[1].buildNumber == 3)
        #expect(plan.entries[1].flags == "USE=\"nls\" L10N=\"de\"")
        #expect(plan.remarks.count == 1)
        #expect(plan.fetches)
    }

    @Test func planUnderEmulationHasRemark() {
        let line = "[ebuild  N     ] app-misc/a-1::demo"
        #expect(MergePlan([line]).remarks == [])
        let remarks = MergePlan([line], emulator: "qemu-riscv64").remarks
        #expect(remarks.count == 1 && remarks[0].contains("qemu-riscv64"))
    }
}
