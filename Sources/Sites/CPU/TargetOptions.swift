/// The output of `gcc -Q --help=target`: each option of the target with its
/// value.
///
///     -mavx2                      		[enabled]
///     -march=                     		znver3
struct TargetOptions: Equatable {
    private let values: [String: String]

    init(_ text: String) {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            // The lists of known values that follow the options do not begin
            // with `-m`.
            guard words.count == 2, words[0].hasPrefix("-m") else { continue }
            values[String(words[0])] = String(words[1])
        }
        self.values = values
    }

    /// The architecture that `native` stands for.
    var architecture: String? { values["-march="] }

    /// Returns the options that turn `base` into these, sorted.
    func flags(beyond base: TargetOptions) -> [String] {
        var flags: Set<String> = []
        for (name, value) in values where base.values[name] != value {
            switch value {
            case "[enabled]": flags.insert(Self.negated(name, when: false))
            case "[disabled]": flags.insert(Self.negated(name, when: true))
            default:
                // `-mbranch-cost=<0,5>` contains the allowed values.
                let option = name.prefix { $0 != "<" }
                if option.hasSuffix("="), !value.hasPrefix("[") {
                    flags.insert(option + value)
                }
            }
        }
        return flags.sorted()
    }

    /// Returns `-mfoo` or `-mno-foo`; gcc lists some options in their negated
    /// form.
    private static func negated(_ name: String, when isOff: Bool) -> String {
        let isNegative = name.hasPrefix("-mno-")
        guard isNegative || isOff else { return name }
        let plain = isNegative ? name.dropFirst("-mno-".count) : name.dropFirst("-m".count)
        return (isNegative == isOff ? "-m" : "-mno-") + plain
    }
}
