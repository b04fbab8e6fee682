/// A version with its revision, as defined by the Package Manager
/// Specification: `1.2.3b_rc1_p2-r4`.
///
/// Syntax: PMS 9, section 3.2; order: section 3.3, algorithms 3.1 to 3.7.
package struct PackageVersion: TextValue {
    /// The version as written.
    package let description: String

    private let components: [Substring]
    private let letter: UInt8
    private let suffixes: [Suffix]
    private let revision: Substring

    /// The suffixes, in their order: all but `p` come before the release.
    private enum SuffixKind: String, CaseIterable {
        case alpha, beta, pre, rc, p
    }

    private struct Suffix: Hashable, Sendable {
        let rank: Int
        let number: Substring
    }

    /// Reads a version; returns nil if the syntax is invalid.
    package init?(_ description: String) {
        var rest = description[...].utf8
        guard rest.allSatisfy({ $0 < 0x80 }) else { return nil }
        var revision: Substring = "0"
        if let hyphen = rest.lastIndex(of: UInt8(ascii: "-")) {
            let number = rest[hyphen...].dropFirst(2)
            guard rest[hyphen...].starts(with: "-r".utf8), Self.isNumber(number) else { return nil }
            revision = Substring(number)
            rest = rest[..<hyphen]
        }
        var words = rest.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)[...]
        guard var numbers = words.popFirst(), let last = numbers.last else { return nil }
        var letter: UInt8 = 0
        if Self.isLetter(last) {
            letter = last
            numbers.removeLast()
        }
        let components = numbers.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard components.allSatisfy(Self.isNumber) else { return nil }
        var suffixes: [Suffix] = []
        for word in words {
            guard let suffix = Self.suffix(word) else { return nil }
            suffixes.append(suffix)
        }
        self.description = description
        self.components = components.map { Substring($0) }
        self.letter = letter
        self.suffixes = suffixes
        self.revision = revision
    }

    private static func suffix(_ word: Substring.UTF8View) -> Suffix? {
        let name = word.prefix(while: isLetter)
        let number = word[name.endIndex...]
        guard
            let rank = SuffixKind.allCases.firstIndex(where: {
                $0.rawValue.utf8.elementsEqual(name)
            }),
            number.isEmpty || isNumber(number)
        else { return nil }
        return Suffix(rank: rank, number: Substring(number))
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isNumber(_ text: Substring.UTF8View) -> Bool {
        !text.isEmpty
            && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Returns how this version compares with another; `.same` for two
    /// spellings of one version, such as `1.0` and `1.0-r0`.
    package func order(to other: PackageVersion) -> VersionOrder {
        var order = Self.compareComponents(components, other.components)
        if order == .same { order = VersionOrder(letter, other.letter) }
        if order == .same { order = Self.compareSuffixes(suffixes[...], other.suffixes[...]) }
        if order == .same { order = Self.compareIntegers(revision, other.revision) }
        return order
    }

    private static func compareComponents(_ left: [Substring], _ right: [Substring]) -> VersionOrder
    {
        for (index, (a, b)) in zip(left, right).enumerated() {
            let isFraction = index > 0 && (a.first == "0" || b.first == "0")
            let order = isFraction ? compareFractions(a, b) : compareIntegers(a, b)
            if order != .same { return order }
        }
        return VersionOrder(left.count, right.count)
    }

    /// Compares integers of any length: versions that are dates with times
    /// exceed a machine word.
    private static func compareIntegers(_ left: Substring, _ right: Substring) -> VersionOrder {
        let a = left.drop { $0 == "0" }
        let b = right.drop { $0 == "0" }
        let order = VersionOrder(a.count, b.count)
        return order == .same ? VersionOrder(String(a), String(b)) : order
    }

    private static func compareFractions(_ left: Substring, _ right: Substring) -> VersionOrder {
        func trimmed(_ text: Substring) -> String {
            var text = text
            while text.last == "0" { text.removeLast() }
            return String(text)
        }
        return VersionOrder(trimmed(left), trimmed(right))
    }

    private static func compareSuffixes(
        _ left: ArraySlice<Suffix>, _ right: ArraySlice<Suffix>
    ) -> VersionOrder {
        let patch = SuffixKind.allCases.count - 1
        switch (left.first, right.first) {
        case (nil, nil): return .same
        case (let a?, nil): return a.rank == patch ? .later : .earlier
        case (nil, let b?): return b.rank == patch ? .earlier : .later
        case (let a?, let b?):
            var order = VersionOrder(a.rank, b.rank)
            if order == .same { order = compareIntegers(a.number, b.number) }
            return order == .same ? compareSuffixes(left.dropFirst(), right.dropFirst()) : order
        }
    }

    /// Orders by version; two spellings of one version by text.
    package static func < (left: PackageVersion, right: PackageVersion) -> Bool {
        switch left.order(to: right) {
        case .earlier: true
        case .later: false
        case .same: left.description < right.description
        }
    }

    /// Returns whether both are spelled the same.
    package static func == (left: PackageVersion, right: PackageVersion) -> Bool {
        left.description == right.description
    }

    /// Hashes the spelling.
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
