/// What a certificate says about its holder: the values that decisions and records use, without the certificate.
package struct CertificateIdentity: Hashable, Codable, Sendable {
    /// Subject as an RFC 4514 string, most specific part first.
    package let subject: String
    /// Subject attribute `serialNumber` (OID 2.5.4.5): `16` + organisation number, or the ten digits alone.
    package let subjectSerialNumber: String?
    package let commonName: String?
    /// Issuer as an RFC 4514 string.
    package let issuer: String
    /// The certificate's own serial number, upper-case hexadecimal.
    package let serialNumber: String
    /// SHA-256 over the DER form, lower-case hexadecimal.
    package let fingerprint: String
    /// End of validity, seconds since 1970 (UTC).
    package let notAfter: Int64

    package init(
        subject: String,
        subjectSerialNumber: String?,
        commonName: String?,
        issuer: String,
        serialNumber: String,
        fingerprint: String,
        notAfter: Int64
    ) {
        self.subject = subject
        self.subjectSerialNumber = subjectSerialNumber
        self.commonName = commonName
        self.issuer = issuer
        self.serialNumber = serialNumber
        self.fingerprint = fingerprint
        self.notAfter = notAfter
    }

    /// The organisation number (10 digits) that the subject's serialNumber names, with or without the century digits `16`.
    package var organisation: String? {
        guard let number = self.subjectSerialNumber, number.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return switch number.utf8.count {
        case 10: number
        case 12 where number.hasPrefix("16"): String(number.dropFirst(2))
        default: nil
        }
    }
}
