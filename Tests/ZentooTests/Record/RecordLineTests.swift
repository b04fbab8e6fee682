@testable import Records
import Testing

/// The format of record lines.
struct RecordLineTests {
    private static let id = "20261123T221830.123Z-k3v9q2d7xw"

    @Test func lineRoundTrips() throws {
        let text =
            "\(Self.id) v1 made cpv=sys-apps/sed-4.9 number=1 slot=0/0 use=acl,nls size=123 "
            + "zeta=1 zoo="
        let line = try #require(RecordLine(text))
        #expect(line.description == text)
        #expect(line[.cpv] == "sys-apps/sed-4.9")
        #expect(line[list: .use] == ["acl", "nls"])
        #expect(line[RecordLine.Key(rawValue: "zoo")] == "")
        #expect(line[.path] == nil)
    }

    @Test func keysAreOrdered() throws {
        let line = try #require(
            RecordLine("\(Self.id) v1 result zz=1 aa=2 tuple=t  site=s status=success"))
        #expect(line.description == "\(Self.id) v1 result status=success site=s tuple=t aa=2 zz=1")
    }

    @Test(
        arguments: [
            "", "a b", " ", "100%", "%20", "a\nb\t\u{7f}\u{0}", "a=b", "a,b", "ärger ☃", "\u{301}x",
            "%zz", "\r\n",
        ])
    func valuesRoundTrip(_ value: String) throws {
        let build = try #require(BuildID(Self.id))
        var line = RecordLine(build, .result)
        line[.log] = value
        line[list: .unsandboxed] = [value, "x,y", value]
        let text = line.description
        #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f })
        let read = try #require(RecordLine(text))
        #expect(read == line)
        #expect(read[.log] == value)
        #expect(read[list: .unsandboxed] == [value, "x,y", value])
    }

    @Test func unknownLinesAreSkipped() throws {
        let unknownKind = "\(Self.id) v1 dreamt of=sheep"
        #expect(RecordLine(unknownKind)?.description == unknownKind)
        let note = """
            somebody wrote this by hand
            \(Self.id) v2 made cpv=a/b-1 ways of=later
            \(unknownKind)

            \(Self.id) v1 made cpv=a/b-1 cpv=a/b-2
            \(Self.id) v1 made =x
            20261123 v1 made cpv=a/b-1
            """
        #expect(RecordLine.lines(in: Array(note.utf8)).map(\.description) == [unknownKind])
    }

    @Test func keyOrderIsUniqueAndValid() {
        #expect(Set(RecordLine.Key.order).count == RecordLine.Key.order.count)
        #expect(RecordLine.Key.order.allSatisfy { RecordLine.Key.isValid($0.rawValue.utf8) })
    }
}
