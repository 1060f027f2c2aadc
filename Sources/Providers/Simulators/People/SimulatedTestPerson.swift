/// A fictitious person whose answers are known beforehand, for demonstrations and tests.
///
/// The numbers follow Skatteverket's rule for test numbers: the birth number is 980 to 999, which no living person has,
/// and the check digit is right. Every other number is answered too, with what its hash gives.
package struct SimulatedTestPerson: Sendable {
    package let digits: String
    package let givenName: String
    package let familyName: String
    package let traits: SimulatedPersonTraits
    /// What the demonstration shows, in one line of Swedish.
    package let shows: String

    /// The person with this number, when it is one of ``all``.
    package static func named(by digits: String) -> SimulatedTestPerson? {
        self.byDigits[digits]
    }

    package static let all: [SimulatedTestPerson] = [
        SimulatedTestPerson(
            digits: "198503119821", givenName: "Åsa", familyName: "Ängström", traits: .everything,
            shows: "mycket data hos alla sju"),
        SimulatedTestPerson(
            digits: "199107179831", givenName: "Björn", familyName: "Öberg", traits: [],
            shows: "inga träffar någonstans"),
        SimulatedTestPerson(
            digits: "197709239847", givenName: "Märta", familyName: "Sjöström",
            traits: [.protected, .jobSeeker, .sicknessBenefit, .studyGrant, .income, .vehicles],
            shows: "skyddade personuppgifter hos AF, CSN och FK"),
        SimulatedTestPerson(
            digits: "200305049850", givenName: "Emil", familyName: "Löfgren",
            traits: [.studyGrant, .studyStartGrant, .income], shows: "student: studiemedel och studiestartsstöd"),
        SimulatedTestPerson(
            digits: "200702289927", givenName: "Tove", familyName: "Bäckström", traits: [.upperSecondaryGrant],
            shows: "gymnasist: studiehjälp"),
        SimulatedTestPerson(
            digits: "194806309862", givenName: "Hjördis", familyName: "Håkansson",
            traits: [.pension, .housingAllowance, .income, .vehicles],
            shows: "pensionär: allmän pension och bostadstillägg"),
        SimulatedTestPerson(
            digits: "199302759882", givenName: "Nour", familyName: "al-Khatib", traits: .permits,
            shows: "samordningsnummer: uppehållstillstånd, annars okänd"),
        SimulatedTestPerson(
            digits: "198812129891", givenName: "Jörgen", familyName: "Göransson",
            traits: [.jobSeeker, .unemploymentBenefit, .severalFunds, .silentFund, .suspended, .income],
            shows: "flera a-kassor, en svarade inte"),
        SimulatedTestPerson(
            digits: "197208199898", givenName: "Sten-Åke", familyName: "Lööf", traits: [.vehicleFault, .income],
            shows: "Transportstyrelsen svarar resultat FEL"),
        SimulatedTestPerson(
            digits: "199506069906", givenName: "Renée", familyName: "Törnqvist",
            traits: [.sicknessBenefit, .childAllowance, .groupFailed, .pensionAuthorityAway, .income],
            shows: "LEFI med avvikelse, Pensionsmyndigheten otillgänglig"),
        SimulatedTestPerson(
            digits: "196904309918", givenName: "Östen", familyName: "Ståhl", traits: [.taxFault, .vehicles],
            shows: "Skatteverket svarar med eget fel (kalla BT)"),
        SimulatedTestPerson(
            digits: "198211039949", givenName: "Kerstin", familyName: "Mårtensson",
            traits: [
                .childAllowance, .housingAllowance, .parentalBenefit, .maintenanceSupport, .jobSeeker,
                .activityReportMissing, .income, .vehicles,
            ],
            shows: "barnfamilj, aktivitetsrapport saknas"),
        SimulatedTestPerson(
            digits: "196005209959", givenName: "Pär", familyName: "Grönlund",
            traits: [.sicknessCompensation, .housingAllowance, .taxDebt, .income],
            shows: "sjukersättning och skatteskuld"),
    ]

    private static let byDigits = Dictionary(uniqueKeysWithValues: Self.all.map { ($0.digits, $0) })
}
