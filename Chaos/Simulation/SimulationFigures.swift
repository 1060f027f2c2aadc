/// What happened in one world, or in many of them, in numbers.
package struct SimulationFigures: Sendable, Equatable {
    package var steps = 0
    /// What went over connections and through the broker.
    package var events = 0
    package var requests = 0
    package var complete = 0
    package var partial = 0
    /// By the fault's name.
    package var refused: [String: Int] = [:]
    /// Requests whose ingress died.
    package var broken = 0
    package var replies = 0
    /// Times that a base service was asked.
    package var asked = 0
    package var deadLetters = 0
    /// By the fault's name.
    package var faults: [String: Int] = [:]

    package init() {}

    package static func += (sum: inout Self, other: Self) {
        sum.steps += other.steps
        sum.events += other.events
        sum.requests += other.requests
        sum.complete += other.complete
        sum.partial += other.partial
        sum.refused.merge(other.refused) { $0 + $1 }
        sum.broken += other.broken
        sum.replies += other.replies
        sum.asked += other.asked
        sum.deadLetters += other.deadLetters
        sum.faults.merge(other.faults) { $0 + $1 }
    }
}
