/// A role of the gateway, as far as trust differs between them: what it may read, and so must find.
package enum TrustRole: String, CaseIterable, Sendable {
    case ingress, worker, correlator
    /// All roles in one process.
    case all

    var servesClients: Bool { self == .ingress || self == .all }
    var callsProviders: Bool { self == .worker || self == .all }
    var signsReplies: Bool { self == .correlator || self == .all }

    /// Whose anchors it needs.
    var peers: [Authorities.Kind] {
        (self.servesClients ? [.clients, .signers] : []) + (self.callsProviders ? [.providers] : [])
    }
}
