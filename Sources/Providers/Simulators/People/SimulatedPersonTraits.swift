/// What the seven base services know about a simulated person, and how they answer.
package struct SimulatedPersonTraits: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    // Arbetsförmedlingen
    package static let jobSeeker = Self(rawValue: 1 << 0)
    /// The activity report of the period is missing (501 instead of 200).
    package static let activityReportMissing = Self(rawValue: 1 << 1)
    package static let activitySupport = Self(rawValue: 1 << 2)

    // Arbetslöshetskassornas samorganisation
    package static let unemploymentBenefit = Self(rawValue: 1 << 3)
    /// Several unemployment funds answer.
    package static let severalFunds = Self(rawValue: 1 << 4)
    /// One of the unemployment funds did not answer: a partial failure inside an answer.
    package static let silentFund = Self(rawValue: 1 << 5)
    package static let suspended = Self(rawValue: 1 << 6)

    // Centrala studiestödsnämnden
    package static let studyGrant = Self(rawValue: 1 << 7)
    package static let upperSecondaryGrant = Self(rawValue: 1 << 8)
    package static let homeEquipmentLoan = Self(rawValue: 1 << 9)
    package static let studyStartGrant = Self(rawValue: 1 << 10)
    package static let transitionStudyGrant = Self(rawValue: 1 << 11)

    // Försäkringskassan and Pensionsmyndigheten
    package static let sicknessBenefit = Self(rawValue: 1 << 12)
    package static let parentalBenefit = Self(rawValue: 1 << 13)
    package static let childAllowance = Self(rawValue: 1 << 14)
    package static let housingAllowance = Self(rawValue: 1 << 15)
    package static let maintenanceSupport = Self(rawValue: 1 << 16)
    package static let sicknessCompensation = Self(rawValue: 1 << 17)
    package static let pension = Self(rawValue: 1 << 18)
    /// One information group could not be fetched (`avvikelser`).
    package static let groupFailed = Self(rawValue: 1 << 19)
    /// Pensionsmyndigheten is `OTILLGANGLIG`, Försäkringskassan answers.
    package static let pensionAuthorityAway = Self(rawValue: 1 << 20)

    // Skatteverket, Transportstyrelsen, Migrationsverket
    package static let income = Self(rawValue: 1 << 21)
    package static let taxDebt = Self(rawValue: 1 << 22)
    /// Skatteverket answers with its own fault.
    package static let taxFault = Self(rawValue: 1 << 23)
    package static let vehicles = Self(rawValue: 1 << 24)
    /// Transportstyrelsen answers `FEL` inside a well-formed answer.
    package static let vehicleFault = Self(rawValue: 1 << 25)
    package static let permits = Self(rawValue: 1 << 26)

    /// Sekretessmarkering: `Sekretessmarkering` at AF, `sekretess` at CSN, `skyddad` in LEFI.
    package static let protected = Self(rawValue: 1 << 27)

    /// Everything that is ordinary data, without the failures.
    package static let everything: Self = [
        .jobSeeker, .activitySupport, .unemploymentBenefit, .severalFunds, .studyGrant, .homeEquipmentLoan,
        .studyStartGrant, .transitionStudyGrant, .sicknessBenefit, .parentalBenefit, .childAllowance, .housingAllowance,
        .maintenanceSupport, .income, .taxDebt, .vehicles, .permits,
    ]

    /// The traits of an arbitrary number, drawn from its own stream of random numbers.
    ///
    /// About one in eight is known to nobody, one in twenty is protected, one in three has much data.
    static func drawn(birthYear: Int, from generator: inout SeededGenerator) -> Self {
        let roll = generator.number(0...99)
        if roll < 12 { return [] }
        var traits: Self = roll < 17 ? .protected : []
        let plenty = roll >= 67
        func add(_ trait: Self, _ ordinary: Double, _ much: Double) {
            if generator.chance(plenty ? much : ordinary) { traits.insert(trait) }
        }
        if birthYear <= 1958 {
            add(.pension, 0.97, 1)
            add(.housingAllowance, 0.25, 0.5)
        } else if birthYear >= 2005 {
            add(.upperSecondaryGrant, 0.6, 0.95)
            add(.jobSeeker, 0.15, 0.3)
        } else {
            add(.jobSeeker, 0.45, 0.8)
            add(.unemploymentBenefit, 0.25, 0.6)
            add(.studyGrant, 0.12, 0.5)
            add(.studyStartGrant, 0.03, 0.2)
            add(.transitionStudyGrant, 0.02, 0.15)
            add(.homeEquipmentLoan, 0.04, 0.3)
            add(.sicknessBenefit, 0.2, 0.6)
            add(.parentalBenefit, 0.15, 0.5)
            add(.childAllowance, 0.35, 0.7)
            add(.housingAllowance, 0.2, 0.6)
            add(.maintenanceSupport, 0.1, 0.4)
            add(.sicknessCompensation, 0.06, 0.2)
        }
        add(.income, 0.9, 1)
        add(.taxDebt, 0.05, 0.2)
        add(.vehicles, 0.35, 0.7)
        add(.permits, 0.12, 0.3)
        add(.groupFailed, 0.03, 0.05)
        add(.pensionAuthorityAway, 0.02, 0.03)
        add(.vehicleFault, 0.01, 0.02)
        if traits.contains(.jobSeeker) {
            add(.activityReportMissing, 0.25, 0.3)
            add(.activitySupport, 0.2, 0.6)
        }
        if traits.contains(.unemploymentBenefit) {
            add(.severalFunds, 0.1, 0.5)
            add(.silentFund, 0.05, 0.1)
            add(.suspended, 0.1, 0.2)
        }
        return traits
    }
}
