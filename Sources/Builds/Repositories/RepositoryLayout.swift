internal import Sites

/// The metadata of an ebuild repository: `profiles/repo_name` and
/// `metadata/layout.conf` (portage(5)).
struct RepositoryLayout: Equatable {
    static let namePath = "profiles/repo_name"
    static let layoutPath = "metadata/layout.conf"

    /// The repository's own name; nil if it has none.
    let name: String?
    /// The masters as written; empty also if the file names none, since Portage
    /// then uses the main repository of repos.conf, which is present anyway.
    let masters: [String]

    /// - Parameters:
    ///   - repoName: the content of `profiles/repo_name`; nil if it is missing.
    ///   - layoutConf: the content of `metadata/layout.conf`; nil if it is
    ///     missing.
    init(repoName: [UInt8]?, layoutConf: [UInt8]?) {
        var values: [String: String] = [:]
        let text = String(decoding: layoutConf ?? [], as: UTF8.self)
        for line in text.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "\r" }) {
            let pair = Substring(line.prefix { $0 != "#" })
                .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            values[Self.trimmed(pair[0])] = Self.trimmed(pair[1])
        }
        // layout.conf has precedence, so that a copy can be renamed in one
        // file.
        let named = repoName.flatMap { LineFile($0).first(where: { _ in true })?.words.first }
        let renamed = values["repo-name"].flatMap { $0.isEmpty ? nil : $0 }
        name = renamed ?? named
        masters = values["masters", default: ""]
            .split(whereSeparator: { $0 == " " || $0 == "\t" }).map { String($0) }
    }

    /// Checks that the repository has the name that the site gives it.
    ///
    /// - Returns: its masters.
    /// - Throws: ``RepositoryError``.
    func masters(of expected: ZentooName, at place: String) throws -> [ZentooName] {
        guard let name else {
            throw RepositoryError(
                .notARepository,
                "'\(place)' is no ebuild repository: it has neither '\(Self.namePath)' nor a "
                    + "repo-name in '\(Self.layoutPath)'",
                hints: ["is it a git repository without work tree? then write file://\(place)"])
        }
        guard name == expected.text else {
            throw RepositoryError(
                .otherName, "repository '\(expected)' at '\(place)' calls itself '\(name)'",
                hints: ["name it '\(name)' in \(RepositoriesFile.path)"])
        }
        return try masters.map { master in
            do {
                return try ZentooName(master)
            } catch {
                throw RepositoryError(
                    .notARepository,
                    "repository '\(expected)' at '\(place)' names a master '\(master)', "
                        + "which is not a valid name")
            }
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(String(text.drop(while: isBlank).reversed()).drop(while: isBlank).reversed())
    }
}
