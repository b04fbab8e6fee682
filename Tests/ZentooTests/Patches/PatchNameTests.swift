@testable import Roots
@testable import Sites
import Testing

/// Valid names of patches and packages.
@Suite struct PatchNameTests {
    @Test(arguments: ["fix", "0001-fix.build_2+x", "Fix"])
    func patchNameIsOneComponent(text: String) throws {
        #expect(try PatchName(text).file == "\(text).patch")
        #expect(try PatchName("\(text).patch").text == text)
    }

    @Test(arguments: [
        "", ".patch", ".x", "-x", "a/b", "../x", "a b", "ä", "a\n", "x~",
        String(repeating: "x", count: 101),
    ])
    func invalidPatchNamesAreRefused(text: String) {
        #expect(throws: ZentooError.self) { try PatchName(text) }
    }

    @Test(arguments: [
        ("app-misc/zen", "app-misc/zen"), ("app-misc/zen:2", "app-misc/zen"),
        ("=app-misc/zen-1.2.0-r3", "app-misc/zen"),
    ])
    func packageAtomsAreParsed(text: String, package: String) throws {
        let named = try PatchPackage(text)
        #expect(named.package == package && named.atom == text)
    }

    @Test(arguments: [
        "", "zen", "app-misc/zen-1.2.0", "=app-misc/zen", ">=app-misc/zen-1", "app-misc/zen:2:3",
        "app-misc/zen:", "../zen", "app-misc/..", "app-misc/zen:../x", "-x/zen", "a/b/c",
        "=../zen-1", "=a/../zen-1",
    ])
    func invalidPackageAtomsAreRefused(text: String) {
        #expect(throws: ZentooError.self) { try PatchPackage(text) }
    }

    @Test func chosenEbuildIsParsed() throws {
        let chosen = try ChosenEbuild(
            Array("cpv=app-misc/zen-1.2.0\nslot=0/1\nrepo=demo\neapi=8\nlive=1\n".utf8))
        #expect(chosen.name == "app-misc/zen-1.2.0::demo" && chosen.isLive)
        let masked = #expect(throws: ZentooError.self) {
            try ChosenEbuild(Array("problem=all is masked\nhint=zen-1: ~amd64\n".utf8))
        }
        #expect(masked?.code == .notFound && masked?.hints == ["Portage: zen-1: ~amd64"])
        let old = #expect(throws: ZentooError.self) {
            try ChosenEbuild(Array("cpv=app-misc/zen-1\nrepo=demo\neapi=5\n".utf8))
        }
        #expect(old?.code == .unsupported)
    }
}
