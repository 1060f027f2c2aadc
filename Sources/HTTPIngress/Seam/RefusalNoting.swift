/// Is told what the endpoint refuses on its own account, which nobody behind it hears of.
package protocol RefusalNoting: Sendable {
    /// Called on the connection's event loop; must not block for longer than one write to a file takes.
    ///
    /// - Parameters:
    ///   - reason: from a closed list, see ``HTTPRefusal/allReasons`` and ``IngressMetrics/Ending``; nothing that a client has
    ///     sent.
    ///   - client: the certificates (DER) that the client presented, its own first; empty unless they are accepted.
    func refused(_ reason: String, client: [[UInt8]])
}

/// Refusals are counted in the metrics alone.
package struct NobodyNotes: RefusalNoting {
    package init() {}

    package func refused(_ reason: String, client: [[UInt8]]) {}
}
