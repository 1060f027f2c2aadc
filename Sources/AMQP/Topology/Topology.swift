/// The exchanges, queues and bindings that a role needs, as values.
///
/// Declared on every connect before anything else, so a broker that lost its data gets it back. Declaring what already
/// exists with the same arguments does nothing; with other arguments the broker refuses (406).
package struct Topology: Sendable, Equatable {
    package var exchanges: [ExchangeDeclaration]
    package var queues: [QueueDeclaration]
    package var bindings: [BindingDeclaration]

    package init(
        exchanges: [ExchangeDeclaration] = [], queues: [QueueDeclaration] = [], bindings: [BindingDeclaration] = []
    ) {
        self.exchanges = exchanges
        self.queues = queues
        self.bindings = bindings
    }

    /// Both, each declaration once.
    package mutating func merge(_ other: Topology) {
        self.exchanges += other.exchanges.filter { !self.exchanges.contains($0) }
        self.queues += other.queues.filter { !self.queues.contains($0) }
        self.bindings += other.bindings.filter { !self.bindings.contains($0) }
    }

    var isEmpty: Bool { self.exchanges.isEmpty && self.queues.isEmpty && self.bindings.isEmpty }
}
