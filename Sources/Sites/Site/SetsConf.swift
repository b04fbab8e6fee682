internal import Files
internal import SystemPackage

/// The package sets that a `sets.conf` defines, that of a portage branch or of
/// an ebuild repository (portage(5); the Portage handbook describes its
/// sections and their options).
struct SetsConf: Equatable {
    /// A section: one set, or a family of sets with `multiset = true`.
    private struct Section: Equatable {
        let title: String
        /// The options by lower-case name, as Python's configparser stores
        /// them.
        var options: [String: String] = [:]

        var isFamily: Bool {
            ["1", "yes", "true", "on"].contains(options["multiset", default: ""].lowercased())
        }
    }

    private var sections: [Section] = []

    /// Reads one file, or the files of a directory in order.
    init(_ files: [[UInt8]]) {
        for file in files {
            for line in LineFile(file) {
                let text = line.words.joined(separator: " ")
                if text.hasPrefix(";") { continue }
                if text.hasPrefix("["), text.hasSuffix("]") {
                    sections.append(Section(title: String(text.dropFirst().dropLast())))
                } else if !sections.isEmpty, let end = text.firstIndex(where: { "=:".contains($0) })
                {
                    let key = text[..<end].split(separator: " ").joined(separator: " ")
                    let value = text[text.index(after: end)...].drop { $0 == " " }
                    sections[sections.count - 1].options[key.lowercased()] = String(value)
                }
            }
        }
    }

    /// The names of the sets that have a section of their own.
    var names: Set<String> {
        Set(sections.filter { !$0.isFamily }.map { $0.options["name"] ?? $0.title })
    }

    /// The families: `directory` as written, in which each file is a set, and
    /// the pattern into which the file's name is inserted; nil if the names
    /// cannot be found by listing a directory.
    var families: [(directory: String, pattern: String)?] {
        sections.filter(\.isFamily).map { section in
            let kind = section.options["class", default: "StaticFileSet"]
            guard kind.split(separator: ".").last == "StaticFileSet",
                let directory = section.options["directory"]
            else { return nil }
            return (directory, section.options["name_pattern", default: "${name}"])
        }
    }
}

extension SetsConf {
    /// Reads the `sets.conf` of the ebuild repository at `tree`, a file or a
    /// directory of files.
    ///
    /// - Throws: `FileError`.
    init(ofRepositoryAt tree: FilePath) throws {
        let place = tree.appending("sets.conf")
        let names = try FileStatus.of(place)?.kind == .directory ? Directory.names(in: place) : []
        let paths = names.isEmpty ? [place] : names.map { place.appending($0) }
        self.init(try paths.compactMap { try FileContent.read($0) })
    }

    /// Returns whether the ebuild repository `repository` at `tree` has a set
    /// of this name; also true if only Portage could tell.
    ///
    /// - Throws: `FileError`.
    func mayDefine(_ name: String, of repository: ZentooName, at tree: FilePath) throws -> Bool {
        if names.contains(name) { return true }
        let own = "${repository:\(repository)}"
        for family in families {
            guard let family, family.directory.hasPrefix(own),
                !family.directory.split(separator: "/").contains("..")
            else { return true }
            let folder = tree.pushing(
                FilePath(String(family.directory.dropFirst(own.count).drop { $0 == "/" })))
            let files = try FileStatus.of(folder) == nil ? [] : Directory.names(in: folder)
            for file in files.map(\.string) {
                let made = family.pattern.replacing("${name}", with: file)
                    .replacing("$name", with: file)
                if made == name { return true }
            }
        }
        return false
    }
}
