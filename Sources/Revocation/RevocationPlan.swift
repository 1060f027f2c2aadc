package import Trust

/// Whose revocation matters: certificates in DER.
package struct RevocationInterest: Sendable, Equatable {
    /// Anchors and intermediates of the current set: who may sign lists and issue certificates.
    package var authorities: [[UInt8]]
    /// Certificates of peers that were accepted lately or are registered.
    package var certificates: [[UInt8]]

    package init(authorities: [[UInt8]], certificates: [[UInt8]]) {
        self.authorities = authorities
        self.certificates = certificates
    }
}

/// What follows from an interest: the authorities, and the places to ask.
///
/// A certificate's own places are asked only when a known authority issued it: a stranger's certificate sends us
/// nowhere.
package struct RevocationPlan: Sendable {
    package let authorities: [Certificate]
    /// By id.
    package let sources: [String: RevocationSource]
    private let interest: RevocationInterest
    /// By certificate in DER: one that stays of interest is not read again.
    private let known: [[UInt8]: [RevocationSource]]

    package static let none = RevocationPlan(
        .init(authorities: [], certificates: []), configuration: RevocationConfiguration())

    /// - Parameter previous: A plan of the same configuration.
    package init(
        _ interest: RevocationInterest, configuration: RevocationConfiguration, previous: RevocationPlan? = nil
    ) {
        let authorities = interest.authorities.compactMap { try? Certificate(der: $0) }
        let places = RevocationPlaces(authorities: authorities, configuration: configuration)
        let remembered = previous?.interest.authorities == interest.authorities ? previous?.known ?? [:] : [:]
        var sources: [String: RevocationSource] = [:]
        var known: [[UInt8]: [RevocationSource]] = [:]
        let own = authorities.flatMap { places.configured(for: $0) + places.sources(for: $0) }
        let peers = interest.certificates.prefix(configuration.maximumCertificates).flatMap { der in
            let found = remembered[der] ?? (try? Certificate(der: der)).map(places.sources(for:)) ?? []
            known[der] = found
            return found
        }
        for source in own + peers where sources.count < configuration.maximumSources { sources[source.id] = source }
        self.authorities = authorities
        self.sources = sources
        self.interest = interest
        self.known = known
    }
}

/// Which places are to be asked about a certificate.
struct RevocationPlaces {
    private let configuration: RevocationConfiguration
    private let bySubject: [[UInt8]: [Certificate]]

    init(authorities: [Certificate], configuration: RevocationConfiguration) {
        self.configuration = configuration
        self.bySubject = Dictionary(grouping: authorities, by: \.subjectBytes)
    }

    /// The places of lists that are configured for an authority.
    func configured(for authority: Certificate) -> [RevocationSource] {
        (self.configuration.lists[authority.subjectText] ?? []).map {
            .lists([$0], signers: [authority.subjectBytes])
        }
    }

    /// The places that the certificate names, or its issuer's responders.
    func sources(for certificate: Certificate) -> [RevocationSource] {
        // An anchor's own revocation is asked of nobody.
        guard certificate.subjectBytes != certificate.issuerBytes else { return [] }
        let named = self.bySubject[certificate.issuerBytes] ?? []
        guard let issuer = named.first(where: { $0.issued(certificate) }) else { return [] }
        let subject = issuer.subjectText
        if let responders = self.configuration.responders[subject], !responders.isEmpty {
            return [.answer(about: certificate, issuer: issuer, responders: responders)]
        }
        guard self.configuration.followsCertificates else { return [] }
        let pointers = certificate.revocationPointers
        let lists = pointers.lists.map { point in
            RevocationSource.lists(
                point.addresses, signers: Set(point.signers.isEmpty ? [certificate.issuerBytes] : point.signers))
        }
        let offersLists = !lists.isEmpty || self.configuration.lists[subject]?.isEmpty == false
        guard !offersLists, !pointers.responders.isEmpty else { return lists }
        return [.answer(about: certificate, issuer: issuer, responders: pointers.responders)]
    }
}
