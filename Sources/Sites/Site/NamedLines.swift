/// A file of a site that names something on each line, `name source ...`:
/// `config/stages`, `config/repos`.
enum NamedLines {
    /// Reads the file; a line with a mistake is told and left out.
    ///
    /// - Parameters:
    ///   - kind: what is named: `stage`.
    ///   - path: where the file lies on a site's branch.
    ///   - ref: what the file was read from, for the mistakes.
    ///   - read: reads one line.
    static func parse<Entry>(
        _ bytes: [UInt8], of kind: String, path: String, ref: String?,
        name: KeyPath<Entry, ZentooName>, read: (LineFile.Line) throws -> Entry
    ) -> (entries: [Entry], mistakes: [Mistake]) {
        var entries: [Entry] = []
        var mistakes: [Mistake] = []
        var seen: [ZentooName: Int] = [:]
        for line in LineFile(bytes) {
            do {
                let entry = try read(line)
                if let first = seen[entry[keyPath: name]] {
                    throw ZentooError(
                        .exists,
                        "\(kind) '\(entry[keyPath: name])' is already on line \(first)",
                        hints: ["leave one of the two lines"])
                }
                seen[entry[keyPath: name]] = line.number
                entries.append(entry)
            } catch {
                mistakes.append(Mistake(ref: ref, file: path, line: line.number, error))
            }
        }
        return (entries, mistakes)
    }
}
