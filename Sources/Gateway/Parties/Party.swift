/// An organisation that may send questions, as security staff registered it.
package struct Party: Hashable, Sendable, Codable {
    /// Organisation number, 10 digits.
    package let organisation: String
    package let name: String
    /// Registered subjects (RFC 4514) of signing certificates that do not carry the organisation number themselves.
    package let signers: [String]
    /// Registered subjects (RFC 4514) of transport certificates that do not carry the organisation number themselves.
    package let transports: [String]
    /// The only certificates that are accepted for the party, at the transport and for signatures, unless there are none.
    package let certificates: [PinnedCertificate]
    /// Organisation number of the supplier that delivers this party's messages, when it has one.
    package let supplier: String?
    /// Who waits for this party's answers.
    package let lane: WorkLane
    /// Subjects (RFC 4514) of signing certificates whose questions are automated whatever ``lane`` says.
    package let automated: [String]
    /// Its own limits, where they differ from everybody's.
    package let limits: PartyLimit.Own?

    package init(
        organisation: String, name: String, signers: [String] = [], transports: [String] = [],
        certificates: [PinnedCertificate] = [], supplier: String? = nil, lane: WorkLane = .caseworker,
        automated: [String] = [], limits: PartyLimit.Own? = nil
    ) {
        self.organisation = organisation
        self.name = name
        self.signers = signers
        self.transports = transports
        self.certificates = certificates
        self.supplier = supplier
        self.lane = lane
        self.automated = automated
        self.limits = limits
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.organisation = try values.decode(String.self, forKey: .organisation)
        self.name = try values.decode(String.self, forKey: .name)
        self.signers = try values.decodeIfPresent([String].self, forKey: .signers) ?? []
        self.transports = try values.decodeIfPresent([String].self, forKey: .transports) ?? []
        self.certificates = try values.decodeIfPresent([PinnedCertificate].self, forKey: .certificates) ?? []
        self.supplier = try values.decodeIfPresent(String.self, forKey: .supplier)
        self.lane = try values.decodeIfPresent(WorkLane.self, forKey: .lane) ?? .caseworker
        self.automated = try values.decodeIfPresent([String].self, forKey: .automated) ?? []
        self.limits = try values.decodeIfPresent(PartyLimit.Own.self, forKey: .limits)
    }

    /// The lane of what a certificate of this party's has signed.
    package func lane(signedBy certificate: CertificateIdentity) -> WorkLane {
        self.automated.contains(certificate.subject) ? .automated : self.lane
    }

    /// Whether a certificate of this party's own signed: the number in the certificate, else a registered subject; where
    /// certificates are listed, only those.
    ///
    /// - Parameter instant: Seconds since 1970 (UTC).
    package func signs(with certificate: CertificateIdentity, at instant: Int64) -> Bool {
        self.owns(certificate, registered: self.signers, at: instant)
    }

    /// Whether a certificate is this party's own at the transport.
    package func connects(with certificate: CertificateIdentity, at instant: Int64) -> Bool {
        self.owns(certificate, registered: self.transports, at: instant)
    }

    /// A certificate that names an organisation is that one's, whatever else is registered (profile, «identity in a certificate»).
    private func owns(
        _ certificate: CertificateIdentity, registered subjects: [String], at instant: Int64
    ) -> Bool {
        let named = certificate.organisation
        guard named == nil || named == self.organisation else { return false }
        guard self.certificates.isEmpty else {
            return self.certificates.contains { $0.accepts(certificate, at: instant) }
        }
        return named != nil || subjects.contains(certificate.subject)
    }
}
