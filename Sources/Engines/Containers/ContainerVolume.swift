/// A Docker volume that holds a directory of this machine, as the fields of
/// `--mount type=volume` name it: `source=zentoo-pool,volume-driver=local,
/// volume-opt=type=nfs,...`; see docker-service-create(1).
public struct ContainerVolume: Sendable, Hashable {
    /// The fields in their order, each `key=value`.
    public let fields: [String]

    /// Reads fields as Docker does: a line of CSV in which fields with commas
    /// are in double quotes.
    ///
    /// - Throws: ``EngineError`` with code `unsupported` if the text is not
    ///   such a line or sets fields that the engine sets itself.
    public init(_ text: String) throws {
        guard let fields = CommaSeparated.fields(of: text), !fields.isEmpty else {
            throw EngineError(.unsupported, "'\(text)' is not a list of fields of a volume")
        }
        var hasSource = false
        for field in fields {
            let key = field.prefix { $0 != "=" }
            guard field.utf8.count > key.utf8.count + 1 else {
                throw EngineError(.unsupported, "'\(field)' in '\(text)' is not key=value")
            }
            switch key {
            case "source", "src": hasSource = true
            case "volume-driver", "volume-opt", "volume-label", "volume-nocopy": break
            default:
                throw EngineError(
                    .unsupported, "'\(key)' in '\(text)' is not a field of a volume",
                    hints: ["the fields are source, volume-driver, volume-opt, volume-label"])
            }
        }
        guard hasSource else {
            throw EngineError(
                .unsupported, "'\(text)' does not name the volume", hints: ["add source=NAME"])
        }
        self.fields = fields
    }

    /// The volume's name.
    public var name: String {
        fields.lazy.compactMap { field in
            ["source=", "src="].first { field.hasPrefix($0) }.map {
                String(field.dropFirst($0.count))
            }
        }.first ?? ""
    }
}
