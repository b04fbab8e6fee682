extension ZentooName: Codable {
    /// Reads the name and checks its rules.
    ///
    /// - Throws: ``ZentooError`` if one is violated.
    package init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the name.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
