/// Which node is tried next: all in turn, beginning at one that is drawn.
///
/// Randomness is a parameter.
struct AddressRotation {
    private let addresses: [BrokerAddress]
    private var index: Int
    private var triedSinceSuccess = 0

    /// - Parameter addresses: at least one.
    init(_ addresses: [BrokerAddress], using generator: inout some RandomNumberGenerator) {
        self.addresses = addresses
        self.index = Int.random(in: 0..<addresses.count, using: &generator)
    }

    /// True after a loss, and when every node has been tried since.
    var isRoundComplete: Bool { self.triedSinceSuccess % self.addresses.count == 0 }

    mutating func next() -> BrokerAddress {
        defer {
            self.index = (self.index + 1) % self.addresses.count
            self.triedSinceSuccess += 1
        }
        return self.addresses[self.index]
    }

    /// After a success: the next attempt goes to the node after this one.
    mutating func reset() { self.triedSinceSuccess = 0 }
}
