package import Trust

/// One place where revocation is asked for.
package struct RevocationSource: Sendable {
    /// What is asked for there.
    package enum Kind: Sendable {
        /// Lists; the addresses are alternatives, tried in order. The signers are subjects in DER.
        case lists(addresses: [String], signers: Set<[UInt8]>)
        /// The answer about one certificate; the responders are alternatives.
        case answer(about: Certificate, issuer: Certificate, responders: [String])
    }

    /// The same for the same place and question, in every process and after a restart.
    package let id: String
    package let kind: Kind

    static func lists(_ addresses: [String], signers: Set<[UInt8]>) -> Self {
        let names = signers.map { String(decoding: $0, as: UTF8.self) }.sorted()
        return Self(
            id: (["list"] + addresses + names).joined(separator: " "),
            kind: .lists(addresses: addresses, signers: signers)
        )
    }

    static func answer(about certificate: Certificate, issuer: Certificate, responders: [String]) -> Self {
        Self(
            id: "answer \(certificate.fingerprintText)",
            kind: .answer(about: certificate, issuer: issuer, responders: responders))
    }

    /// Where it is asked for, in the order in which the places are tried.
    var addresses: [String] {
        switch self.kind {
        case .lists(let addresses, _): addresses
        case .answer(_, _, let responders): responders
        }
    }

    /// What status and log show of it: addresses, nothing of a person's certificate.
    package var address: String { self.addresses.first ?? "" }
}
