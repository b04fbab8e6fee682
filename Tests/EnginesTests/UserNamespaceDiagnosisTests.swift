import Testing

@testable import Engines

@Suite struct UserNamespaceDiagnosisTests {
    private static let sound = UserNamespaceDiagnosis(
        user: "zen", id: 1000, grants: ["zen:100000:65536\n", "zen:100000:65536\n"],
        hasMappers: true, forbiddingSettings: [])

    @Test func missingProgramsAreNamedFirst() {
        var diagnosis = Self.sound
        diagnosis.hasMappers = false
        diagnosis.grants = ["", ""]
        let error = diagnosis.error(saying: "x")
        #expect(error.message == "cannot find programs 'newuidmap' and 'newgidmap'")
        #expect(error.hints == ["apt install uidmap", "emerge sys-apps/shadow"])
    }

    @Test(arguments: [
        (["", ""], "100000-165535"),
        (["zen:100000:1000\n", "zen:100000:65536\n"], "165536-231071"),
        (["other:100000:65536\nlast:200000:65536\n", ""], "265536-331071"),
        (["# comment\nzen:nonsense\n", ""], "100000-165535"),
    ])
    func suggestedIDsFollowAllOthers(_ grants: [String], _ range: String) {
        var diagnosis = Self.sound
        diagnosis.grants = grants
        #expect(
            diagnosis.error(saying: "x").hints
                == ["usermod --add-subuids \(range) --add-subgids \(range) zen"])
    }

    @Test func idsMayBeGrantedByNumber() {
        var diagnosis = Self.sound
        diagnosis.grants = ["1000:100000:65536", "1000:100000:65536"]
        #expect(diagnosis.error(saying: "boom").message == "boom")
    }

    @Test func forbiddingSettingsAreNamed() {
        var diagnosis = Self.sound
        diagnosis.forbiddingSettings = ["kernel.unprivileged_userns_clone=1"]
        let error = diagnosis.error(saying: "x")
        #expect(error.code == .unavailable)
        #expect(error.hints == ["sysctl kernel.unprivileged_userns_clone=1"])
    }
}
