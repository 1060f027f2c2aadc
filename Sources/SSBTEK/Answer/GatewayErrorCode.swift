/// Why the gateway itself gives an error in place of a base service's data (`kalla` is `SSBT`).
///
/// The raw value is the `felkod`; the sentence is fixed, so nothing personal can stand in it.
package enum GatewayErrorCode: String, CaseIterable, Codable, Sendable {
    case noAnswerInTime = "SSBT-1"
    case notReachable = "SSBT-2"
    /// The answer is not well-formed, or against its contract.
    case answerAgainstContract = "SSBT-3"
    /// Not asked at all: the circuit is open, or it is being maintained.
    case heldBack = "SSBT-4"
    case internalError = "SSBT-9"

    /// The `felmeddelande`.
    package var sentence: String {
        switch self {
        case .noAnswerInTime: "Bastjänsten svarade inte i tid."
        case .notReachable: "Bastjänsten kunde inte nås."
        case .answerAgainstContract: "Bastjänstens svar gick inte att läsa eller följer inte kontraktet."
        case .heldBack: "Bastjänsten är tillfälligt spärrad; ingen fråga ställdes till den."
        case .internalError: "Ett internt fel uppstod i den sammansatta bastjänsten."
        }
    }
}
