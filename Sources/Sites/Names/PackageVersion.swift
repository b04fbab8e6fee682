/// A version with its revision, as defined by the Package Manager
/// Specification: `1.2.3b_rc1_p2-r4`.
///
/// Syntax: PMS 9, section 3.2; order: section 3.3, algorithms 3.1 to 3.7.
package struct PackageVersion: TextValue {
    /// The version as written. Its parts are read again for each comparison:
    /// records contain tens of thousands of versions, of which few are compared.
    package let description: String

    /// Reads a version; returns nil if the syntax is invalid.
    package init?(_ description: String) {
        guard Self.isValid(description.utf8[...]) else { return nil }
        self.description = description
    }

    /// Reads a version that is part of a longer text.
    init?(_ bytes: Substring.UTF8View) {
        guard Self.isValid(bytes) else { return nil }
        description = String(Substring(bytes))
    }

    /// Returns whether a text is a version.
    static func isValid(_ bytes: Substring.UTF8View) -> Bool {
        var parts = PartReader(rest: bytes)
        guard parts.number() != nil else { return false }
        while parts.skip(".") {
            guard parts.number() != nil else { return false }
        }
        _ = parts.letter()
        while parts.skip("_") {
            guard parts.suffix() != nil else { return false }
        }
        if parts.skip("-") {
            guard parts.skip("r"), parts.number() != nil else { return false }
        }
        return parts.rest.isEmpty
    }

    /// Returns how this version compares with another; `.same` for two
    /// spellings of one version, such as `1.0` and `1.0-r0`.
    package func order(to other: PackageVersion) -> VersionOrder {
        var left = PartReader(rest: description.utf8[...])
        var right = PartReader(rest: other.description.utf8[...])
        var order = Self.compareComponents(&left, &right)
        if order == .same { order = VersionOrder(left.letter(), right.letter()) }
        if order == .same { order = Self.compareSuffixes(&left, &right) }
        if order == .same { order = Self.compareIntegers(left.revision(), right.revision()) }
        return order
    }

    private static func compareComponents(
        _ left: inout PartReader, _ right: inout PartReader
    ) -> VersionOrder {
        var isFirst = true
        while true {
            switch (left.component(), right.component()) {
            case (nil, nil): return .same
            case (nil, _?): return .earlier
            case (_?, nil): return .later
            case (let a?, let b?):
                let isFraction = !isFirst && (a.first == zero || b.first == zero)
                let order = isFraction ? compareFractions(a, b) : compareIntegers(a, b)
                if order != .same { return order }
            }
            isFirst = false
        }
    }

    /// Compares integers of any length: versions that are dates with times
    /// exceed a machine word.
    private static func compareIntegers(
        _ left: Substring.UTF8View, _ right: Substring.UTF8View
    ) -> VersionOrder {
        let a = left.drop { $0 == zero }
        let b = right.drop { $0 == zero }
        let order = VersionOrder(a.count, b.count)
        return order == .same ? compareDigits(a, b) : order
    }

    private static func compareFractions(
        _ left: Substring.UTF8View, _ right: Substring.UTF8View
    ) -> VersionOrder {
        func trimmed(_ digits: Substring.UTF8View) -> Substring.UTF8View {
            var digits = digits
            while digits.last == zero { digits.removeLast() }
            return digits
        }
        return compareDigits(trimmed(left), trimmed(right))
    }

    private static func compareDigits(
        _ left: Substring.UTF8View, _ right: Substring.UTF8View
    ) -> VersionOrder {
        if left.lexicographicallyPrecedes(right) { return .earlier }
        return right.lexicographicallyPrecedes(left) ? .later : .same
    }

    private static func compareSuffixes(
        _ left: inout PartReader, _ right: inout PartReader
    ) -> VersionOrder {
        while true {
            switch (left.nextSuffix(), right.nextSuffix()) {
            case (nil, nil): return .same
            case (let a?, nil): return a.kind == .p ? .later : .earlier
            case (nil, let b?): return b.kind == .p ? .earlier : .later
            case (let a?, let b?):
                var order = VersionOrder(a.kind.rank, b.kind.rank)
                if order == .same { order = compareIntegers(a.number, b.number) }
                if order != .same { return order }
            }
        }
    }

    private static let zero = UInt8(ascii: "0")

    /// Orders by version; two spellings of one version by text.
    package static func < (left: PackageVersion, right: PackageVersion) -> Bool {
        switch left.order(to: right) {
        case .earlier: true
        case .later: false
        case .same: left.description < right.description
        }
    }
}

/// The suffixes, in their order: all but `p` come before the release.
private enum SuffixKind: String, CaseIterable {
    case alpha, beta, pre, rc, p

    var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Reads the parts of a version one after the other, without creating texts.
private struct PartReader {
    /// What is not read yet.
    var rest: Substring.UTF8View

    /// Skips a character; returns false if another one follows.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Reads digits; nil if none follow.
    mutating func number() -> Substring.UTF8View? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest[digits.endIndex...]
        return digits
    }

    /// Reads a number with the dot before it; nil after the last number.
    mutating func component() -> Substring.UTF8View? {
        _ = skip(".")
        return number()
    }

    /// Reads the letter after the numbers; zero if there is none.
    mutating func letter() -> UInt8 {
        guard let first = rest.first, Self.isLetter(first) else { return 0 }
        rest.removeFirst()
        return first
    }

    /// Reads a suffix without its underscore; nil if none follows.
    mutating func suffix() -> (kind: SuffixKind, number: Substring.UTF8View)? {
        let name = rest.prefix(while: Self.isLetter)
        guard let kind = SuffixKind.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) })
        else { return nil }
        rest = rest[name.endIndex...]
        return (kind, number() ?? rest.prefix(0))
    }

    /// Reads a suffix with its underscore; nil after the last suffix.
    mutating func nextSuffix() -> (kind: SuffixKind, number: Substring.UTF8View)? {
        skip("_") ? suffix() : nil
    }

    /// Reads the revision; one that is not written is zero, as are no digits.
    mutating func revision() -> Substring.UTF8View {
        guard skip("-"), skip("r") else { return rest.prefix(0) }
        return number() ?? rest.prefix(0)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
