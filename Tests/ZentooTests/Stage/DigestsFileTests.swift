@testable import Builds
import Testing

@Suite struct DigestsFileTests {
    private static let short = String(repeating: "ab", count: 32)
    private static let long = String(repeating: "cd", count: 64)

    @Test func headersNameAlgorithm() {
        let file = DigestsFile(
            Array(
                """
                # BLAKE2B HASH
                \(Self.long)  stage.tar.xz
                # SHA512 HASH
                \(Self.long.uppercased()) *stage.tar.xz
                # WHIRLPOOL HASH
                \(Self.long)  stage.tar.xz
                # SHA512 HASH\r
                \(Self.long)  stage.tar.xz.CONTENTS.gz\r
                """.utf8))
        #expect(
            file.entries(for: "stage.tar.xz") == [
                DigestsFile.Entry(algorithm: .blake2b, digits: Self.long, name: "stage.tar.xz"),
                DigestsFile.Entry(algorithm: .sha512, digits: Self.long, name: "stage.tar.xz"),
            ])
        #expect(file.entries.count == 3)
    }

    @Test func digestWithoutHeaderNeedsUniqueLength() {
        let file = DigestsFile(Array("\(Self.short)  a\n\(Self.long)  b\nhello world\n".utf8))
        #expect(
            file.entries == [DigestsFile.Entry(algorithm: .sha256, digits: Self.short, name: "a")])
    }

    /// It then matches no file, so that the stage is refused.
    @Test func digestOfWrongLengthIsKept() {
        let file = DigestsFile(Array("# SHA512 HASH\n\(Self.short)  a\n".utf8))
        #expect(
            file.entries == [DigestsFile.Entry(algorithm: .sha512, digits: Self.short, name: "a")])
    }
}
