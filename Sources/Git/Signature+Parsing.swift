extension Signature {
    /// Parses `Name <address> seconds +hhmm`, as git writes it (git-var(1),
    /// `GIT_COMMITTER_IDENT`); nil for anything else.
    public init?(_ text: String) {
        guard let open = text.firstIndex(of: "<"), let close = text[open...].firstIndex(of: ">")
        else { return nil }
        let name = text[..<open].split(separator: " ").joined(separator: " ")
        let rest = text[text.index(after: close)...].split(separator: " ")
        guard rest.count == 2, let seconds = Int64(rest[0]), let zone = Int32(rest[1]) else {
            return nil
        }
        let minutes = zone.magnitude / 100 * 60 + zone.magnitude % 100
        self.init(
            name: name, email: String(text[text.index(after: open)..<close]), seconds: seconds,
            offset: zone < 0 ? -Int32(minutes) : Int32(minutes))
    }
}
