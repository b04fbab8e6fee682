import Testing

@testable import Engines

/// `/etc/subuid` is parsed as newuidmap(1) parses it.
@Suite struct IDGrantsTests {
    private static let text = """
        # comment
        other:1000000:65536
        zen:100000:1000
        1001:300000:65536
        zen:100500:10
        zen:nonsense:5
        zen:7:0
        zen:500000:1:2
        zen:4294967296:1
        zen:1001:1
        zen:100:1
        """

    private typealias Run = IDGrants.Run

    @Test func runsAreGrantedByNameAndNumber() {
        let runs = IDGrants(Self.text).runs(of: "zen", id: 1001, own: 1001)
        #expect(
            runs == [
                Run(first: 100000, count: 1000), Run(first: 300000, count: 65536),
                Run(first: 100, count: 1),
            ])
        #expect(IDGrants(Self.text).runs(of: "nobody", id: 65534, own: 65534) == [])
    }

    @Test func endFollowsAllGrants() {
        #expect(IDGrants(Self.text).end == 1_065_536)
        #expect(IDGrants("").end == 0)
    }
}
