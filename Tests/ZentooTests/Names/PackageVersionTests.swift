@testable import Sites
import Testing

/// Syntax and order of versions according to the Package Manager Specification.
struct PackageVersionTests {
    @Test(
        arguments: [
            "1", "1.2.3", "0.1b", "1_alpha", "1_rc1_p2", "1.0-r1", "20261123221830123", "9999",
            "1.2.3z_beta4_pre5_rc6_p7-r8", "007",
        ])
    func validVersionsAreParsed(_ text: String) {
        #expect(PackageVersion(text)?.description == text)
    }

    @Test(
        arguments: [
            "", "a", "1.", ".1", "1..2", "1ab", "1_foo", "1_", "1-1", "1-r", "1-rx", "1-r1-r2",
            "1 ", "1.2a.3", "1-R1", "1_p1a", "²",
        ])
    func invalidVersionsAreRefused(_ text: String) {
        #expect(PackageVersion(text) == nil)
    }

    /// Pairs whose first version is the earlier one. Most are from Portage's test
    /// suite and the examples of the specification.
    @Test(
        arguments: [
            ("1.0", "2.0"), ("1.0", "1.0.0"), ("1.9", "1.10"), ("1.01", "1.1"), ("1.09", "1.1"),
            ("1.001", "1.01"), ("0.9", "0.10"), ("1.0", "1.0a"), ("1.0a", "1.0b"),
            ("1_alpha", "1_beta"), ("1_beta", "1_pre"), ("1_pre", "1_rc"), ("1_rc", "1"),
            ("1", "1_p"), ("1_p1", "1_p2"), ("1_p9", "1_p10"), ("1_alpha", "1_alpha1"),
            ("1_alpha_pre", "1_alpha"), ("1_alpha", "1_alpha_p"), ("1_p_alpha", "1_p"),
            ("1.0", "1.0-r1"), ("1.0-r1", "1.0-r2"), ("1.0-r9", "1.0-r10"), ("1.0_p1-r9", "1.0_p2"),
            ("18446744073709551615", "18446744073709551616"), ("1a_rc1", "1a"), ("1_rc1", "1_p1"),
        ])
    func versionsAreOrdered(_ pair: (String, String)) throws {
        let earlier = try #require(PackageVersion(pair.0))
        let later = try #require(PackageVersion(pair.1))
        #expect(earlier.order(to: later) == .earlier)
        #expect(later.order(to: earlier) == .later)
        #expect(earlier < later)
        #expect(!(later < earlier))
    }

    @Test(
        arguments: [
            ("1.0", "1.0-r0"), ("1", "01"), ("1.010", "1.01"), ("1_p", "1_p0"), ("1-r1", "1-r01"),
        ])
    func equivalentSpellingsAreSame(_ pair: (String, String)) throws {
        let one = try #require(PackageVersion(pair.0))
        let other = try #require(PackageVersion(pair.1))
        #expect(one.order(to: other) == .same)
        #expect(one != other)
        #expect((one < other) != (other < one))
    }
}
