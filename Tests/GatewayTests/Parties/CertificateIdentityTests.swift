import Gateway
import Testing

@Suite struct CertificateIdentityTests {
    private static let cases: [(String?, String?)] = [
        ("162120002411", "2120002411"), ("2120002411", "2120002411"), (nil, nil), ("", nil), ("16", nil),
        ("212000241", nil), ("21200024111", nil), ("1621200024111", nil), ("192120002411", nil), ("SE2120002411", nil),
        ("212000-2411", nil), ("16212000-241", nil), (" 2120002411", nil), ("212000241\u{0664}", nil),
        ("1612345678", "1612345678"),
    ]

    @Test(arguments: Self.cases)
    func `the organisation number is read from the subject's serialNumber`(_ number: String?, _ expected: String?) {
        let identity = CertificateIdentity(
            subject: "CN=x", subjectSerialNumber: number, commonName: nil, issuer: "CN=i", serialNumber: "01",
            fingerprint: "", notAfter: 0)
        #expect(identity.organisation == expected)
    }
}
