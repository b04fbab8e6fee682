@testable import Server
@testable import Sites
import Testing

/// The options of a push.
@Suite struct PushOptionsTests {
    @Test(arguments: [
        ["x", "zentoo.skip"], ["zentoo.only=*-base-*-*"], ["zentoo.priority=-3", "zentoo.wait"],
    ])
    func validOptionsAreParsed(_ options: [String]) throws {
        let environment = Dictionary(
            uniqueKeysWithValues: options.enumerated().map { ("GIT_PUSH_OPTION_\($0)", $1) })
        let read = try PushOptions(
            environment: environment.merging(["GIT_PUSH_OPTION_COUNT": "\(options.count)"]) { $1 })
        #expect(read != PushOptions())
    }

    @Test(arguments: ["zentoo.skp", "zentoo.skip=1", "zentoo.only=x", "zentoo.priority=101"])
    func invalidOptionsAreRefused(_ option: String) {
        #expect(throws: ZentooError.self) {
            try PushOptions(
                environment: ["GIT_PUSH_OPTION_COUNT": "1", "GIT_PUSH_OPTION_0": option])
        }
    }
}
