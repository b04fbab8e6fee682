package import Git

extension Signature: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, email, date, offsetMinutes
    }

    /// Reads the four fields.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decode(String.self, forKey: .name),
            email: try fields.decode(String.self, forKey: .email),
            seconds: try fields.decode(Timestamp.self, forKey: .date).seconds,
            offset: try fields.decode(Int32.self, forKey: .offsetMinutes))
    }

    /// Writes the four fields.
    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(email, forKey: .email)
        try fields.encode(Timestamp(seconds: seconds), forKey: .date)
        try fields.encode(offset, forKey: .offsetMinutes)
    }
}
