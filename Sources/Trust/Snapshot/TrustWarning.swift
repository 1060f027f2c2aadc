/// Something in a set that does not stop it from being used.
package enum TrustWarning: Hashable, Sendable, CustomStringConvertible {
    /// Certificates of this authority will be refused as long as it has no list.
    case noRevocationList(issuer: String)
    /// Paths through this authority are refused; others are not touched.
    case authorityExpired(subject: String)
    /// One of several certificates of our own has run out; another one is used.
    case ownCertificateExpired(file: String)
    /// The list has run out and counts until its grace ends.
    case revocationListInGrace(file: String, issuer: String)
    /// The list does not count; a newer one is there, or the policy does not refuse for want of one.
    case revocationListNotUsed(file: String, reason: TrustProblem.Reason)

    package var description: String {
        switch self {
        case .noRevocationList(let issuer): "there is no revocation list of \(issuer)"
        case .authorityExpired(let subject): "the authority \(subject) has expired"
        case .ownCertificateExpired(let file): "\(file): the certificate has expired"
        case .revocationListInGrace(let file, let issuer):
            "\(file): the revocation list of \(issuer) has run out and is in its grace"
        case .revocationListNotUsed(let file, let reason): "\(TrustProblem(file: file, reason: reason))"
        }
    }
}
