/// A line of comma-separated values, as Docker's `--mount` takes them (RFC
/// 4180).
enum CommaSeparated {
    /// Returns the line of these fields.
    static func line(of fields: [String]) -> String {
        fields.map { field in
            field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
                ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
        }.joined(separator: ",")
    }

    /// Returns the fields of a line; nil when a quotation mark is misplaced.
    static func fields(of line: String) -> [String]? {
        var fields: [String] = []
        var rest = Substring(line)
        while true {
            var field = ""
            if rest.first == "\"" {
                rest.removeFirst()
                while true {
                    guard let end = rest.firstIndex(of: "\"") else { return nil }
                    field += rest[..<end]
                    rest = rest[rest.index(after: end)...]
                    guard rest.first == "\"" else { break }
                    field.append("\"")
                    rest.removeFirst()
                }
                guard rest.isEmpty || rest.first == "," else { return nil }
            } else {
                field = String(rest.prefix { $0 != "," })
                guard !field.contains("\"") else { return nil }
                rest = rest.dropFirst(field.count)
            }
            fields.append(field)
            guard rest.first == "," else { return fields }
            rest.removeFirst()
        }
    }
}
