/// The stages behind the ingress, as it sees them.
package protocol RequestHandling: Sendable {
    /// Answers one request; called concurrently, once per request, and cancelled when the time to shut down has passed.
    ///
    /// It has its own deadline: the ingress sets none, and a client that has gone away does not end it.
    func handle(_ request: InboundRequest) async -> OutboundResponse
}
