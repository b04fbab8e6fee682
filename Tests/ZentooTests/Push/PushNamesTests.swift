import Git
@testable import Server
@testable import Sites
import Testing

/// The input of git's hooks, and refs that are refused by their name.
@Suite struct PushNamesTests {
    private static let one = String(repeating: "1", count: 40)
    private static let none = String(repeating: "0", count: 40)

    @Test func hookInputIsParsed() throws {
        let push = try Push(
            Array(
                """
                \(Self.none) \(Self.one) refs/heads/portage/base
                \(Self.one) \(Self.none) refs/tags/a b

                """.utf8))
        #expect(push.changes.map(\.name) == ["refs/heads/portage/base", "refs/tags/a b"])
        #expect(push.changes.map(\.old) == [nil, ObjectID(hex: Self.one)])
        #expect(push.changes.map(\.new) == [ObjectID(hex: Self.one), nil])
        #expect(push.changes.map(\.shown) == ["portage/base", "refs/tags/a b"])
        #expect(try Push([]).changes.isEmpty)
    }

    @Test(arguments: ["x", "\(one) \(one)", "\(one) \(one) ", "\(one) 1 refs/heads/x"])
    func malformedInputIsRefused(line: String) {
        #expect(throws: ZentooError.self) { try Push(Array(line.utf8)) }
    }

    private func refusal(of name: String, deleting: Bool = false, asBuilder: Bool = false)
        -> PushRefusal?
    {
        let id = ObjectID(hex: Self.one)
        return PushNames(isBuilder: asBuilder).refusal(
            of: Push.Change(name: name, old: id, new: deleting ? nil : id))
    }

    @Test(
        arguments: [
            "refs/tags/zentoo/main/t/1", "refs/tags/zentoo-root/desk/1", "refs/tags/zentoo",
            "refs/notes/zentoo", "refs/notes/zentoo/x", "refs/notes/evil/zentoo",
            "refs/zentoo/latest/main/t", "refs/zentoo", "refs/heads/root/desk",
        ])
    func onlyBuildersMayPushResultRefs(name: String) {
        #expect(refusal(of: name) != nil)
        #expect(refusal(of: name, deleting: true) != nil)
        #expect(refusal(of: name, asBuilder: true) == nil)
        #expect(refusal(of: name, deleting: true, asBuilder: true) == nil)
    }

    @Test(
        arguments: [
            "refs/zentoo/queue/waiting/main/t", "refs/zentoo/queue",
            "refs/replace/\(one)", "refs/remotes/origin/portage/base",
        ])
    func internalRefsAreRefused(name: String) {
        #expect(refusal(of: name, asBuilder: true) != nil)
        #expect(refusal(of: name, deleting: true, asBuilder: true) != nil)
    }

    @Test(
        arguments: [
            "refs/heads/main", "refs/heads/portage/base", "refs/heads/buildhooks/a.b_c+1",
            "refs/heads/topic/x", "refs/heads/roots", "refs/tags/v1", "refs/notes/commits",
            "refs/zentoology/x",
        ])
    func ordinaryRefsAreAccepted(name: String) {
        #expect(refusal(of: name) == nil)
        #expect(refusal(of: name, deleting: true) == nil)
    }

    @Test(
        arguments: [
            "refs/heads/portage/Base", "refs/heads/portage/a/b", "refs/heads/buildhooks/-x",
            "refs/heads/portage/\u{FFFD}", "refs/heads/portage", "refs/heads/buildhooks",
            "refs/heads/root",
        ])
    func invalidBranchNamesAreRefused(name: String) {
        #expect(refusal(of: name) != nil)
        #expect(refusal(of: name, asBuilder: true) != nil)
        #expect(refusal(of: name, deleting: true) == nil)
    }
}
