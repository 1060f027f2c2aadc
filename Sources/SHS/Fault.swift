/// The error codes of the `X-shs-errorcode` header and of `shs.management/error@errorcode`.
///
/// The raw value is the code on the wire. Receivers compare without regard to case and read an unknown code as
/// ``otherError``.
package enum SHSErrorCode: String, CaseIterable, Sendable {
    case unresolvedReceiver = "UnresolvedReceiver"
    case missingAgreement = "MissingAgreement"
    case missingDeliveryAddress = "MissingDeliveryAddress"
    case missingDeliveryExecution = "MissingDeliveryExecution"
    case illegalProductType = "IllegalProductType"
    case unknownProductType = "UnknownProductType"
    case illegalReceiver = "IllegalReceiver"
    case unknownReceiver = "UnknownReceiver"
    case illegalSender = "IllegalSender"
    case unknownSender = "UnknownSender"
    case illegalOriginator = "IllegalOriginator"
    case illegalEndRecipient = "IllegalEndRecipient"
    case illegalMessageStructure = "IllegalMessageStructure"
    case illegalDatapartContent = "IllegalDatapartContent"
    case otherError = "OtherError"
}

/// Why a message was refused: the one list of reasons, each with its wire code, HTTP status and fixed sentence.
///
/// The raw value is what the log and the metrics call it. A fault never carries text from the message: the sentence
/// that the sender gets is constant, so nothing personal can leave through an error.
package enum Fault: String, CaseIterable, Error, Sendable {
    // Stage receive
    case messageTooLarge = "message-too-large"
    case messageTooSlow = "message-too-slow"
    case wrongContentType = "wrong-content-type"
    case tooManyRequests = "too-many-requests"
    // Stage verify
    case signatureMissing = "signature-missing"
    case signatureMalformed = "signature-malformed"
    case signatureInvalid = "signature-invalid"
    case signatureNested = "signature-nested"
    case severalSigners = "several-signers"
    case algorithmTooWeak = "algorithm-too-weak"
    case certificateExpired = "certificate-expired"
    case certificateNotYetValid = "certificate-not-yet-valid"
    case certificateRevoked = "certificate-revoked"
    case certificateUntrusted = "certificate-untrusted"
    case certificateWrongUsage = "certificate-wrong-usage"
    case revocationUnknown = "revocation-unknown"
    case transportUntrusted = "transport-untrusted"
    case transportRevocationUnknown = "transport-revocation-unknown"
    // Who asks
    case unknownParty = "unknown-party"
    case signerOfAnotherParty = "signer-of-another-party"
    case transportOfAnotherParty = "transport-of-another-party"
    case malformedSender = "malformed-sender"
    case unknownReceiver = "unknown-receiver"
    case malformedReceiver = "malformed-receiver"
    case missingReceiver = "missing-receiver"
    // Stage read
    case brokenMIME = "broken-mime"
    case tooManyParts = "too-many-parts"
    case labelNotFirst = "label-not-first"
    case labelMalformed = "label-malformed"
    case documentTypeForbidden = "document-type-forbidden"
    case datapartMissing = "datapart-missing"
    case transferEncodingNotSupported = "transfer-encoding-not-supported"
    case compoundNotSupported = "compound-not-supported"
    case malformedProduct = "malformed-product"
    case unknownProduct = "unknown-product"
    case wrongStatus = "wrong-status"
    case asynchronousNotSupported = "asynchronous-not-supported"
    case administrativeNotSupported = "administrative-not-supported"
    case notARequest = "not-a-request"
    case wrongNumberOfQuestions = "wrong-number-of-questions"
    case questionMalformed = "question-malformed"
    case questionAgainstContract = "question-against-contract"
    case invalidIdentityNumber = "invalid-identity-number"
    case questionAboutAnotherPerson = "question-about-another-person"
    case noProviderIncluded = "no-provider-included"
    // Stages dispatch to reply
    case brokerUnavailable = "broker-unavailable"
    case shuttingDown = "shutting-down"
    case recordUnavailable = "record-unavailable"
    case noReplyInTime = "no-reply-in-time"
    case internalError = "internal-error"
}

extension Fault {
    /// The value of `X-shs-errorcode`.
    package var code: SHSErrorCode {
        switch self {
        case .messageTooLarge, .messageTooSlow, .wrongContentType, .signatureMissing, .signatureMalformed,
            .signatureNested, .severalSigners, .brokenMIME, .tooManyParts, .labelNotFirst, .labelMalformed,
            .documentTypeForbidden, .datapartMissing, .compoundNotSupported, .notARequest, .wrongNumberOfQuestions:
            .illegalMessageStructure
        case .signatureInvalid, .algorithmTooWeak, .certificateExpired, .certificateNotYetValid, .certificateRevoked,
            .certificateUntrusted, .certificateWrongUsage, .revocationUnknown, .malformedSender,
            .signerOfAnotherParty, .transportOfAnotherParty, .transportUntrusted, .transportRevocationUnknown:
            .illegalSender
        case .unknownParty: .unknownSender
        case .unknownReceiver: .unknownReceiver
        case .malformedReceiver: .illegalReceiver
        case .missingReceiver: .unresolvedReceiver
        case .malformedProduct: .illegalProductType
        case .unknownProduct: .unknownProductType
        case .wrongStatus: .missingAgreement
        case .transferEncodingNotSupported, .questionMalformed, .questionAgainstContract, .invalidIdentityNumber,
            .questionAboutAnotherPerson, .noProviderIncluded:
            .illegalDatapartContent
        case .asynchronousNotSupported, .administrativeNotSupported, .tooManyRequests, .brokerUnavailable,
            .shuttingDown, .recordUnavailable, .internalError:
            .otherError
        case .noReplyInTime: .missingDeliveryExecution
        }
    }

    /// The HTTP status that goes with it.
    package var httpStatus: Int {
        switch self {
        case .messageTooLarge: 413
        case .messageTooSlow: 408
        case .wrongContentType: 415
        case .tooManyRequests: 429
        case .signatureInvalid, .algorithmTooWeak, .certificateExpired, .certificateNotYetValid, .certificateRevoked,
            .certificateUntrusted, .certificateWrongUsage, .transportUntrusted, .unknownParty,
            .signerOfAnotherParty, .transportOfAnotherParty, .wrongStatus:
            403
        // What is not known yet, or not any more, is no fault of the sender and may be known soon.
        case .brokerUnavailable, .shuttingDown, .recordUnavailable, .revocationUnknown, .transportRevocationUnknown: 503
        case .noReplyInTime: 504
        case .internalError: 500
        case .signatureMissing, .signatureMalformed, .signatureNested, .severalSigners, .malformedSender,
            .unknownReceiver, .malformedReceiver, .missingReceiver, .brokenMIME, .tooManyParts, .labelNotFirst,
            .labelMalformed,
            .documentTypeForbidden, .datapartMissing, .transferEncodingNotSupported, .compoundNotSupported,
            .malformedProduct, .unknownProduct, .asynchronousNotSupported, .administrativeNotSupported, .notARequest,
            .wrongNumberOfQuestions,
            .questionMalformed, .questionAgainstContract, .invalidIdentityNumber, .questionAboutAnotherPerson,
            .noProviderIncluded:
            400
        }
    }

    /// Whether the response carries `Retry-After`: the same message may well be accepted later.
    package var isRetriable: Bool {
        switch self.httpStatus {
        case 408, 429, 503, 504: true
        default: false
        }
    }

    /// The whole body of the response: one fixed sentence that quotes nothing.
    package var sentence: String {
        switch self {
        case .messageTooLarge: "The message is larger than this node accepts."
        case .messageTooSlow: "The message did not arrive in time."
        case .wrongContentType: "The content type must be message/rfc822, multipart/signed or application/pkcs7-mime."
        case .tooManyRequests: "Too many requests; try again later."
        case .signatureMissing: "The message is not signed as a whole."
        case .signatureMalformed: "The signature cannot be read."
        case .signatureInvalid: "The signature does not match the message."
        case .signatureNested: "A signature inside the signed content is not accepted."
        case .severalSigners: "A message must have exactly one signature."
        case .algorithmTooWeak: "The signature or its certificate uses an algorithm or key that is too weak."
        case .certificateExpired: "The signing certificate has expired."
        case .certificateNotYetValid: "The signing certificate is not valid yet."
        case .certificateRevoked: "A certificate of the signer's chain is revoked."
        case .certificateUntrusted: "The signing certificate does not lead to a trusted issuer."
        case .certificateWrongUsage: "The certificate may not be used to sign messages."
        case .revocationUnknown:
            "The revocation status of the signing certificate is not known at this moment; try again in a few seconds."
        case .transportUntrusted: "The client certificate is not accepted."
        case .transportRevocationUnknown:
            "The revocation status of the client certificate is not known at this moment; try again in a few seconds."
        case .unknownParty: "The sender is not known here."
        case .signerOfAnotherParty: "The signer is not registered for the sender of the label."
        case .transportOfAnotherParty: "The client certificate is not registered for the sender of the label."
        case .malformedSender: "The sender of the label is not a valid address."
        case .unknownReceiver: "The receiver of the label is not this node."
        case .malformedReceiver: "The receiver of the label is not a valid address."
        case .missingReceiver: "The label names no receiver."
        case .brokenMIME: "The MIME structure is broken."
        case .tooManyParts: "The message has too many parts."
        case .labelNotFirst: "The first part is not an SHS label."
        case .labelMalformed: "The SHS label is not valid."
        case .documentTypeForbidden: "Document type declarations with entities or an internal subset are not accepted."
        case .datapartMissing: "The label lists data parts that are not in the message."
        case .transferEncodingNotSupported: "A part has a content transfer encoding that is not supported."
        case .compoundNotSupported: "Compound messages are not supported."
        case .malformedProduct: "The product of the label is not a valid identifier."
        case .unknownProduct: "The product is not offered by this node."
        case .wrongStatus: "The status of the label, test or production, does not fit this node."
        case .asynchronousNotSupported: "Asynchronous transfers are not supported; send the request as synch."
        case .administrativeNotSupported: "Administrative messages are not supported."
        case .notARequest: "The sequence type must be request."
        case .wrongNumberOfQuestions: "A message holds one to ten questions."
        case .questionMalformed: "A question is not well-formed XML."
        case .questionAgainstContract: "A question does not follow the contract."
        case .invalidIdentityNumber: "An identity number in a question is not valid."
        case .questionAboutAnotherPerson: "A question asks a provider about another person than its own."
        case .noProviderIncluded: "A question includes no provider."
        case .brokerUnavailable: "The service is temporarily unavailable; nothing was accepted."
        case .shuttingDown: "The service is being restarted; nothing was accepted."
        case .recordUnavailable: "The service is temporarily unavailable; nothing was answered."
        case .noReplyInTime: "No reply could be given in time."
        case .internalError: "The message could not be handled."
        }
    }
}
