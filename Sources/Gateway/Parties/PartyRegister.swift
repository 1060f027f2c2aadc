package import SHS

/// Who may send for whom: organisation numbers with their signers, transport certificates and suppliers.
package struct PartyRegister: Sendable, Equatable {
    private let parties: [String: Party]

    /// A register without parties: nobody may send.
    package init() { self.parties = [:] }

    /// Builds the register; an organisation number listed twice is an error of the file that it came from.
    package init(_ parties: [Party]) throws(PartyRegisterError) {
        var register: [String: Party] = [:]
        for party in parties {
            guard party.organisation.utf8.count == 10, party.organisation.utf8.allSatisfy({ (48...57).contains($0) })
            else {
                throw .malformedOrganisation(party.organisation)
            }
            if party.limits?.isSensible == false { throw .malformedLimit(of: party.organisation) }
            guard register.updateValue(party, forKey: party.organisation) == nil else {
                throw .duplicateOrganisation(party.organisation)
            }
        }
        for party in parties {
            if let supplier = party.supplier, register[supplier] == nil {
                throw .unknownSupplier(supplier, of: party.organisation)
            }
        }
        self.parties = register
    }

    package var all: [Party] { self.parties.values.sorted { $0.organisation < $1.organisation } }

    package func party(_ organisation: String) -> Party? { self.parties[organisation] }

    /// The parties that may be sent for with a transport certificate: its own, and those that it is the supplier of.
    ///
    /// - Parameter instant: Seconds since 1970 (UTC).
    package func parties(reachedWith transport: CertificateIdentity, at instant: Int64) -> [Party] {
        let owners = Set(self.parties.values.filter { $0.connects(with: transport, at: instant) }.map(\.organisation))
        guard !owners.isEmpty else { return [] }
        return self.all.filter { party in
            owners.contains(party.organisation) || party.supplier.map(owners.contains) == true
        }
    }

    /// Decides whether signer and transport peer may act for the label's `from`.
    ///
    /// The signer must be the party itself; the transport peer the party or its registered supplier (profile, «who may sign»).
    ///
    /// - Parameter instant: Seconds since 1970 (UTC): listed certificates are accepted for a time.
    package func authorise(
        from organisation: String, signer: CertificateIdentity, transport: CertificateIdentity, at instant: Int64
    ) -> Result<Party, Fault> {
        guard let party = self.parties[organisation] else { return .failure(.unknownParty) }
        guard party.signs(with: signer, at: instant) else { return .failure(.signerOfAnotherParty) }
        if party.connects(with: transport, at: instant) { return .success(party) }
        if let supplier = party.supplier.flatMap({ self.parties[$0] }), supplier.connects(with: transport, at: instant)
        {
            return .success(party)
        }
        return .failure(.transportOfAnotherParty)
    }
}

/// What is wrong with a party register; organisation numbers are not personal data here.
package enum PartyRegisterError: Error, Equatable, CustomStringConvertible {
    case malformedOrganisation(String)
    case duplicateOrganisation(String)
    case unknownSupplier(String, of: String)
    case malformedLimit(of: String)

    package var description: String {
        switch self {
        case .malformedOrganisation(let number): "parties: '\(number)' is not an organisation number of ten digits"
        case .duplicateOrganisation(let number): "parties: \(number) is listed twice"
        case .unknownSupplier(let supplier, let party): "parties: the supplier \(supplier) of \(party) is not listed"
        case .malformedLimit(let party): "parties: the limits of \(party) must be from 1 to 1000000"
        }
    }
}
