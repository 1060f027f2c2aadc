package import Trust

/// Why something that was asked for is not used; whatever was held before stays.
package enum RevocationRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    // The place
    case noConnection
    case timedOut
    case tooLarge(limit: Int)
    /// Redirects are not followed: the address that an authority put into its certificates is the one that is asked.
    case redirected
    case status(Int)
    case fileNotReadable
    // What came
    case notAList
    case noValidity
    case otherIssuer
    case signatureInvalid
    case weakAlgorithm
    case criticalExtension
    case fromTheFuture
    case expired
    case older
    case tooManyLists
    case answerNotAccepted(OCSPRefusal)

    package var description: String {
        switch self {
        case .noConnection: "there is no connection"
        case .timedOut: "it took too long"
        case .tooLarge(let limit): "it is larger than \(limit) bytes"
        case .redirected: "it redirects, which is not followed"
        case .status(let code): "HTTP status \(code)"
        case .fileNotReadable: "the file cannot be read"
        case .notAList: "there is no revocation list in it"
        case .noValidity: "the list does not say until when it is valid"
        case .otherIssuer: "the list is of another issuer"
        case .signatureInvalid: "the list is not signed by its issuer"
        case .weakAlgorithm: "the list is signed with a weak algorithm"
        case .criticalExtension: "the list has a critical extension that is not known"
        case .fromTheFuture: "the list is from the future"
        case .expired: "the list has expired"
        case .older: "it is older than what is already known"
        case .tooManyLists: "there are too many lists"
        case .answerNotAccepted(let reason): "the OCSP response is not accepted (\(reason.rawValue))"
        }
    }
}
