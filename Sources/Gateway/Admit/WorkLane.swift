/// Who waits for the answer: a person, or a program that asks many questions in a row.
///
/// Automated work has queues of its own and never more than its share of anything, so that a batch does not delay a person.
package enum WorkLane: String, CaseIterable, Codable, Sendable {
    /// A caseworker; also whoever is not registered as automated.
    case caseworker
    case automated
}
