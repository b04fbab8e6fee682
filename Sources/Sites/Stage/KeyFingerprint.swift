/// The fingerprint of an OpenPGP primary key: 40 hexadecimal digits, or 64
/// for keys of version 5 and later.
package struct KeyFingerprint: TextValue {
    /// The digits, in upper case as gpg writes them.
    package let description: String

    /// Reads 40 or 64 hexadecimal digits, in either case; returns nil for
    /// anything else. A short key id is not accepted: a second key with the
    /// same one can be generated in seconds.
    package init?(_ description: String) {
        let digits = description.uppercased()
        guard [40, 64].contains(digits.utf8.count),
            digits.utf8.allSatisfy({ byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
            })
        else { return nil }
        self.description = digits
    }
}
