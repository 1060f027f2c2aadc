import Gateway
import GatewayFixtures
import SHS
import Testing

@Suite struct PartyRegisterTests {
    private static let register = Result {
        try PartyRegister([
            Party(organisation: "2120002411", name: "Egen"),
            Party(
                organisation: "2120001111", name: "Med leverantör", signers: ["CN=signerare,O=Kommun"],
                transports: ["CN=transport,O=Kommun"], supplier: "5565317129"),
            Party(organisation: "5565317129", name: "Leverantör", transports: ["CN=leverantör"]),
            Party(organisation: "5560360793", name: "Annan leverantör"),
        ])
    }

    /// Who holds a certificate, as far as the register can tell.
    private enum Holder: String, CaseIterable {
        case own, party, partysSigner, partysTransport, supplier, suppliersTransport, otherSupplier, nobody
        /// The party's registered subject in a certificate that names another organisation.
        case registeredButOther

        var certificate: CertificateIdentity {
            switch self {
            case .own: .fixture(organisation: "2120002411")
            case .party: .fixture(organisation: "2120001111")
            case .partysSigner: .fixture(organisation: nil, subject: "CN=signerare,O=Kommun")
            case .partysTransport: .fixture(organisation: nil, subject: "CN=transport,O=Kommun")
            case .supplier: .fixture(organisation: "5565317129")
            case .suppliersTransport: .fixture(organisation: nil, subject: "CN=leverantör")
            case .otherSupplier: .fixture(organisation: "5560360793")
            case .nobody: .fixture(organisation: nil, subject: "CN=okänd")
            case .registeredButOther: .fixture(organisation: "5560360793", subject: "CN=signerare,O=Kommun")
            }
        }
    }

    private static let signers: [String: [Holder]] = [
        "2120002411": [.own], "2120001111": [.party, .partysSigner], "5565317129": [.supplier],
        "5560360793": [.otherSupplier, .registeredButOther],
    ]
    private static let transports: [String: [Holder]] = [
        "2120002411": [.own], "2120001111": [.party, .partysTransport, .supplier, .suppliersTransport],
        "5565317129": [.supplier, .suppliersTransport], "5560360793": [.otherSupplier, .registeredButOther],
    ]

    @Test func `all combinations of sender, signer and transport peer`() throws {
        let register = try Self.register.get()
        for sender in ["2120002411", "2120001111", "5565317129", "5560360793", "1111111111", ""] {
            for signer in Holder.allCases {
                for transport in Holder.allCases {
                    let expected: Fault? =
                        if Self.signers[sender] == nil {
                            .unknownParty
                        } else if Self.signers[sender]?.contains(signer) != true {
                            .signerOfAnotherParty
                        } else if Self.transports[sender]?.contains(transport) != true { .transportOfAnotherParty } else
                        { nil }
                    let result = register.authorise(
                        from: sender, signer: signer.certificate, transport: transport.certificate, at: 0)
                    switch result {
                    case .success(let party):
                        #expect(expected == nil && party.organisation == sender, "\(sender) \(signer) \(transport)")
                    case .failure(let fault): #expect(fault == expected, "\(sender) \(signer) \(transport)")
                    }
                }
            }
        }
    }

    @Test func `a supplier delivers but does not sign`() throws {
        let supplier = Holder.supplier.certificate
        let party = Holder.party.certificate
        let register = try Self.register.get()
        #expect(
            register.authorise(from: "2120001111", signer: supplier, transport: supplier, at: 0)
                == .failure(.signerOfAnotherParty))
        #expect((try? register.authorise(from: "2120001111", signer: party, transport: supplier, at: 0).get()) != nil)
    }

    @Test(arguments: ["", "212000241", "21200024111", "212000241x", "212000-2411", "212000241\u{0664}"])
    func `a number that is not ten digits is an error of the register`(_ number: String) {
        #expect(throws: PartyRegisterError.malformedOrganisation(number)) {
            try PartyRegister([Party(organisation: number, name: "")])
        }
    }

    @Test func `a number listed twice and an unlisted supplier are errors of the register`() {
        let party = Party(organisation: "2120002411", name: "A")
        #expect(throws: PartyRegisterError.duplicateOrganisation("2120002411")) { try PartyRegister([party, party]) }
        #expect(throws: PartyRegisterError.unknownSupplier("5565317129", of: "2120002411")) {
            try PartyRegister([Party(organisation: "2120002411", name: "A", supplier: "5565317129")])
        }
    }

    @Test func `the register lists its parties by number`() throws {
        let register = try Self.register.get()
        #expect(register.all.map(\.organisation) == ["2120001111", "2120002411", "5560360793", "5565317129"])
        #expect(register.party("2120001111")?.supplier == "5565317129")
        #expect(register.party("1111111111") == nil)
    }
}
