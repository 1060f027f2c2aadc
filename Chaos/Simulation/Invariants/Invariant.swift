package import Gateway

/// What must hold in every world, whatever goes wrong in it.
package enum Invariant: String, CaseIterable, Sendable {
    case oneReply = "one reply per accepted transaction"
    case rightSection = "no answer in the wrong section or reply"
    case nothingLeft = "no unacknowledged leftovers"
    case deadlineKept = "deadlines kept"
    case confirmedFirst = "nothing acknowledged before what it caused is confirmed"
    /// What was accepted is answered, and with every answer that was there in time, once the disturbances are over.
    case nothingLost = "nothing accepted is lost"
}

/// An invariant that did not hold.
package struct Violation: Error, Sendable, CustomStringConvertible {
    package let invariant: Invariant
    package let detail: String
    package let moment: Timestamp

    package var description: String { "\(self.invariant.rawValue): \(self.detail)" }
}
