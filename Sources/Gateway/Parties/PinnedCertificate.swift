internal import FoundationEssentials

/// A certificate that a party is held to, by its fingerprint and for a time: two that overlap make a change without a gap.
package struct PinnedCertificate: Hashable, Sendable, Codable {
    /// SHA-256 over the DER form, 64 hexadecimal digits in lower case.
    package let fingerprint: String
    /// The first second at which it is accepted, seconds since 1970 (UTC); nil is always.
    package let from: Int64?
    /// The first second at which it is no longer accepted; nil is never.
    package let until: Int64?

    /// Nil when the text is not a SHA-256 fingerprint; colons, blanks and capital letters are as tools write them.
    package init?(fingerprint: String, from: Int64? = nil, until: Int64? = nil) {
        let digits = fingerprint.filter { $0 != ":" && $0 != " " }.lowercased()
        let isHexadecimal = digits.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard digits.utf8.count == 64, isHexadecimal else { return nil }
        if let from, let until, until <= from { return nil }
        self.fingerprint = digits
        self.from = from
        self.until = until
    }

    private enum CodingKeys: String, CodingKey { case fingerprint, from, until }

    /// Dates are `2026-01-31` (`until`: that day to its end, in UTC) or `2026-01-31T12:00:00Z`.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let from = try Self.moment(values, .from, isEnd: false)
        let until = try Self.moment(values, .until, isEnd: true)
        let text = try values.decode(String.self, forKey: .fingerprint)
        guard let pinned = Self(fingerprint: text, from: from, until: until) else {
            throw DecodingError.dataCorruptedError(
                forKey: .fingerprint, in: values,
                debugDescription: "not a SHA-256 fingerprint with a time that begins before it ends")
        }
        self = pinned
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(self.fingerprint, forKey: .fingerprint)
        func text(_ seconds: Int64) -> String { Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601) }
        try values.encodeIfPresent(self.from.map(text), forKey: .from)
        try values.encodeIfPresent(self.until.map(text), forKey: .until)
    }

    /// Whether this is the certificate, and the time is one at which it is accepted.
    package func accepts(_ certificate: CertificateIdentity, at instant: Int64) -> Bool {
        guard certificate.fingerprint == self.fingerprint else { return false }
        return (self.from.map { $0 <= instant } ?? true) && (self.until.map { instant < $0 } ?? true)
    }

    private static func moment(
        _ values: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys, isEnd: Bool
    ) throws -> Int64? {
        guard let text = try values.decodeIfPresent(String.self, forKey: key) else { return nil }
        if let day = try? Date(text, strategy: .iso8601.year().month().day()), text.utf8.count == 10 {
            return Int64(day.timeIntervalSince1970) + (isEnd ? 86_400 : 0)
        }
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: values, debugDescription: "not a date")
        }
        return Int64(date.timeIntervalSince1970)
    }
}
