/// A file of a site whose lines each define a name, `name source ...`:
/// `config/stages`, `config/repos`.
enum NamedLines {
    /// Reads the file; a line with a mistake is reported and left out.
    ///
    /// - Parameters:
    ///   - kind: the kind of thing that is named, such as `stage`.
    ///   - path: the path of the file on a site's branch.
    ///   - ref: the branch or commit of the file, for the mistakes.
    ///   - name: the name that an entry defines.
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
