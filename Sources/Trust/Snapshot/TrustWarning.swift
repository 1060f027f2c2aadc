/// Something in a set that does not stop it from being used.
package enum TrustWarning: Hashable, Sendable, CustomStringConvertible {
    /// Certificates of this authority will be refused as long as it has no list.
    case noRevocationList(issuer: String)
    /// Paths through this authority are refused; others are not touched.
    case authorityExpired(subject: String)

    package var description: String {
        switch self {
        case .noRevocationList(let issuer): "there is no revocation list of \(issuer)"
        case .authorityExpired(let subject): "the authority \(subject) has expired"
        }
    }
}
