public import Git

extension Signature: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, email, seconds, offset
    }

    /// Reads the four fields.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decode(String.self, forKey: .name),
            email: try fields.decode(String.self, forKey: .email),
            seconds: try fields.decode(Int64.self, forKey: .seconds),
            offset: try fields.decode(Int32.self, forKey: .offset))
    }

    /// Writes the four fields.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(email, forKey: .email)
        try fields.encode(seconds, forKey: .seconds)
        try fields.encode(offset, forKey: .offset)
    }
}
