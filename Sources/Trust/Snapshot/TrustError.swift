/// Why a set of certificates and keys was not taken over: the file (below the set's folder) and what is wrong with it.
package struct TrustError: Error, Hashable, CustomStringConvertible {
    /// What is wrong; subjects are those of authorities and of our own certificates.
    package enum Reason: Hashable, Sendable {
        case missing
        case unreadable(String)
        case tooLarge(limit: Int)
        /// A key that others than its owner may read; the file mode.
        case openPermissions(mode: UInt32)
        case noCertificate
        case keyOfAnotherCertificate
        case certificateNotUsable(RefusalReason)
        case noSelfSignedAnchor
        case noRevocationList
        case revocationListExpired(issuer: String)
        case revocationListNotYetValid(issuer: String)
        case revocationListOfUnknownIssuer(issuer: String)
        case revocationListBelowFloor(issuer: String)
    }

    package let file: String
    package let reason: Reason

    package init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    init(_ file: String, _ reason: Reason) { self.init(file: file, reason: reason) }

    package var description: String { "\(self.file): \(self.sentence)" }

    private var sentence: String {
        switch self.reason {
        case .missing: "the file is missing"
        case .unreadable(let why): "the file cannot be read (\(why))"
        case .tooLarge(let limit): "the file is larger than \(limit) bytes"
        case .openPermissions(let mode):
            "others than the owner may use the key (mode \(String(mode, radix: 8))); chmod 600 it"
        case .noCertificate: "there is no certificate in the file"
        case .keyOfAnotherCertificate: "the key does not belong to the certificate beside it"
        case .certificateNotUsable(let reason): "the certificate may not be used (\(reason.rawValue))"
        case .noSelfSignedAnchor: "there is no self-signed certificate to start trust from"
        case .noRevocationList: "there is no revocation list in the file"
        case .revocationListExpired(let issuer): "the revocation list of \(issuer) has expired"
        case .revocationListNotYetValid(let issuer): "the revocation list of \(issuer) is from the future"
        case .revocationListOfUnknownIssuer(let issuer):
            "no known authority signed the revocation list that names \(issuer) as its issuer"
        case .revocationListBelowFloor(let issuer): "the revocation list of \(issuer) is signed with a weak algorithm"
        }
    }
}
