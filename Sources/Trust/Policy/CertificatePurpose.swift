/// What a certificate is shown for.
package enum CertificatePurpose: String, CaseIterable, Codable, Sendable {
    /// It signed a message.
    case signer
    /// Its holder opened a TLS connection to us.
    case client
    /// Its holder answered a TLS connection of ours.
    case server
}
