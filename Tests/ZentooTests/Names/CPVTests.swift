@testable import Sites
import Testing

/// Category, name and version, and the path of a package in a pool.
struct CPVTests {
    @Test(
        arguments: [
            ("sys-apps/sed-4.9", "sys-apps", "sed", "4.9"),
            ("sys-apps/sed-4.9-r1", "sys-apps", "sed", "4.9-r1"),
            ("x11-libs/gtk+-3.24.41-r1", "x11-libs", "gtk+", "3.24.41-r1"),
            ("media-fonts/font-adobe-100dpi-1.0.4", "media-fonts", "font-adobe-100dpi", "1.0.4"),
            ("dev-lang/python-3.12.3_p1", "dev-lang", "python", "3.12.3_p1"),
            ("app-misc/a-b-c-1-r2", "app-misc", "a-b-c", "1-r2"),
            ("virtual/libc-1-r1", "virtual", "libc", "1-r1"),
        ])
    func cpvIsParsed(_ row: (String, String, String, String)) throws {
        let cpv = try #require(CPV(row.0))
        #expect(cpv.category == row.1)
        #expect(cpv.name == row.2)
        #expect(cpv.version.description == row.3)
        #expect(cpv.description == row.0)
    }

    @Test(
        arguments: [
            "sed-4.9", "sys-apps/sed", "sys-apps//sed-1", "a/b/c-1", "/sed-1", "sys-apps/-1",
            "-a/sed-1", ".a/sed-1", "sys-apps/+a-1", "sys-apps/foo-1-2", "sys-apps/foo-1-r1-2",
            "sys-apps/se d-1", "..//x-1", "sys-apps/sed-1\n",
        ])
    func invalidCPVIsRefused(_ text: String) {
        #expect(CPV(text) == nil)
    }

    @Test func cpvsSortByVersion() throws {
        let texts = ["a/x-10", "a/x-9", "a/x-2-r1", "a/x-2"]
        let sorted = texts.compactMap { CPV($0) }.sorted().map(\.description)
        #expect(sorted == ["a/x-2", "a/x-2-r1", "a/x-9", "a/x-10"])
    }

    @Test func poolPathRoundTrips() throws {
        let cpv = try #require(CPV("sys-apps/sed-4.9-r1"))
        let path = try #require(
            PoolPath(chost: "x86_64-pc-linux-gnu", flavour: "0123abcd", cpv: cpv, number: 12))
        let text = "x86_64-pc-linux-gnu/0123abcd/sys-apps/sed/sed-4.9-r1-12.gpkg.tar"
        #expect(path.description == text)
        let read = try #require(PoolPath(text))
        #expect(read == path)
        #expect(read.cpv == cpv)
        #expect(read.number == 12)
    }

    /// Records come from other machines: none of these paths may be accepted.
    @Test(
        arguments: [
            "../../etc/sed/sed-1-1.gpkg.tar", "a/../sys-apps/sed/sed-1-1.gpkg.tar",
            "/a/b/sys-apps/sed/sed-1-1.gpkg.tar", "a/b/sys-apps/sed/sed-1.gpkg.tar",
            "a/b/sys-apps/grep/sed-1-1.gpkg.tar", "a/b/sys-apps/sed/sed-1-0.gpkg.tar",
            "a/b/sys-apps/sed/sed-1-01.gpkg.tar", "a/b/sys-apps/sed/sed-1-1.tbz2",
            "-a/b/sys-apps/sed/sed-1-1.gpkg.tar", "a/.b/sys-apps/sed/sed-1-1.gpkg.tar",
            "a/b c/sys-apps/sed/sed-1-1.gpkg.tar", "b/sys-apps/sed/sed-1-1.gpkg.tar",
        ])
    func invalidPoolPathIsRefused(_ text: String) {
        #expect(PoolPath(text) == nil)
    }
}
