/// A role of the gateway, as far as trust differs between them: what it may read, and so must find.
package enum TrustRole: String, CaseIterable, Sendable {
    case ingress, worker, correlator
    /// All roles in one process.
    case all

    package var servesClients: Bool { self == .ingress || self == .all }
    package var callsProviders: Bool { self == .worker || self == .all }
    package var signsReplies: Bool { self == .correlator || self == .all }

    /// Whose anchors it needs.
    var peers: [Authorities.Kind] {
        (self.servesClients ? [.clients, .signers] : []) + (self.callsProviders ? [.providers] : [])
    }

    /// Whether it may open a file of a set: of the keys only its own.
    func mayOpen(_ file: String) -> Bool {
        let parts = file.split(separator: "/")
        guard parts.first == "node", parts.count > 1 else { return true }
        return switch parts[1] {
        case "tls-server": self.servesClients
        case "reply-signing": self.signsReplies
        case "provider-client": self.callsProviders
        case "broker-client": parts.count > 2 && parts[2] == self.rawValue
        default: true
        }
    }
}
