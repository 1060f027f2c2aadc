/// Where a connection has its topology from, each time that it declares it.
///
/// A ``Topology`` is one that never changes.
package protocol TopologySource: Sendable {
    /// What is declared now.
    var current: Topology { get }
    /// Told of every refusal of a declaration; true when there is now something else to declare, which is then tried at
    /// once.
    ///
    /// Called on the connection's own thread, so it must not wait.
    func hasSuccessor(after refusal: AMQPError) -> Bool
}

extension Topology: TopologySource {
    package var current: Topology { self }
    package func hasSuccessor(after refusal: AMQPError) -> Bool { false }
}
