/// The `repos.conf` of a portage branch (portage(5)): the ebuild repositories
/// that Portage uses and their locations.
struct ReposConf: Equatable {
    struct Repository: Hashable {
        let name: ZentooName
        /// An absolute path in the root.
        let location: String
    }

    var repositories: [Repository] = []

    /// Portage's default when the branch has no repos.conf
    /// (`/usr/share/portage/config/repos.conf`).
    static let standard = ReposConf(gentooAt: defaultLocation("gentoo"))

    private init(gentooAt location: String) {
        if let name = try? ZentooName("gentoo") {
            repositories = [Repository(name: name, location: location)]
        }
    }

    /// Reads the files of `repos.conf` in order, one file or those of a
    /// directory.
    init(files: [(path: String, bytes: [UInt8])], ref: String?, mistakes: inout [Mistake]) {
        var locations: [(name: ZentooName, location: String?)] = []
        for file in files {
            var section: String?
            for line in LineFile(file.bytes) {
                let text = line.words.joined(separator: " ")
                if text.hasPrefix(";") { continue }
                if text.hasPrefix("["), text.hasSuffix("]") {
                    section = String(text.dropFirst().dropLast())
                    guard let section, section != "DEFAULT" else { continue }
                    guard let name = try? ZentooName(section) else {
                        mistakes.append(
                            Mistake(
                                ref: ref, file: file.path, line: line.number,
                                message: "'\(section)' is not a valid repository name"))
                        continue
                    }
                    if !locations.contains(where: { $0.name == name }) {
                        locations.append((name, nil))
                    }
                } else if let section, let value = Self.value(of: "location", in: text),
                    let index = locations.firstIndex(where: { $0.name.text == section })
                {
                    if value.hasPrefix("/"), !value.split(separator: "/").contains("..") {
                        locations[index].location = value
                    } else {
                        mistakes.append(
                            Mistake(
                                ref: ref, file: file.path, line: line.number,
                                message: "location '\(value)' is not an absolute path",
                                hint: "write location = \(Self.defaultLocation(section))"))
                    }
                }
            }
        }
        repositories = locations.map {
            Repository(
                name: $0.name, location: $0.location ?? Self.defaultLocation($0.name.text))
        }
    }

    static func defaultLocation(_ name: String) -> String { "/var/db/repos/\(name)" }

    private static func value(of key: String, in text: String) -> String? {
        let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2 else { return nil }
        let trimmed = pair.map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        return trimmed[0] == key ? trimmed[1] : nil
    }
}
