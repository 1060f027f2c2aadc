/// What a sender is told, written down once more: status, SHS code, fixed sentence, and the name in the log.
struct Refusal: Sendable {
    let name: String
    let status: Int
    let code: String
    let sentence: String

    private static func structure(_ name: String, _ sentence: String) -> Self {
        Self(name: name, status: 400, code: "IllegalMessageStructure", sentence: sentence)
    }

    private static func content(_ name: String, _ sentence: String) -> Self {
        Self(name: name, status: 400, code: "IllegalDatapartContent", sentence: sentence)
    }

    private static func sender(_ name: String, _ sentence: String) -> Self {
        Self(name: name, status: 403, code: "IllegalSender", sentence: sentence)
    }

    // Structure
    static let brokenMIME = structure("broken-mime", "The MIME structure is broken.")
    static let tooManyParts = structure("too-many-parts", "The message has too many parts.")
    static let labelNotFirst = structure("label-not-first", "The first part is not an SHS label.")
    static let labelMalformed = structure("label-malformed", "The SHS label is not valid.")
    static let documentType = structure(
        "document-type-forbidden",
        "Document type declarations with entities or an internal subset are not accepted.")
    static let datapartMissing = structure(
        "datapart-missing", "The label lists data parts that are not in the message.")
    static let wrongNumber = structure("wrong-number-of-questions", "A message holds one to ten questions.")
    static let notARequest = structure("not-a-request", "The sequence type must be request.")
    static let unsigned = structure("signature-missing", "The message is not signed as a whole.")
    static let nested = structure("signature-nested", "A signature inside the signed content is not accepted.")
    static let severalSigners = structure("several-signers", "A message must have exactly one signature.")
    static let signatureMalformed = structure("signature-malformed", "The signature cannot be read.")
    static let wrongContentType = Self(
        name: "wrong-content-type", status: 415, code: "IllegalMessageStructure",
        sentence: "The content type must be message/rfc822, multipart/signed or application/pkcs7-mime.")
    static let tooLarge = Self(
        name: "message-too-large", status: 413, code: "IllegalMessageStructure",
        sentence: "The message is larger than this node accepts.")
    static let tooSlow = Self(
        name: "message-too-slow", status: 408, code: "IllegalMessageStructure",
        sentence: "The message did not arrive in time.")

    // Questions
    static let questionMalformed = content("question-malformed", "A question is not well-formed XML.")
    static let againstContract = content("question-against-contract", "A question does not follow the contract.")
    static let invalidNumber = content(
        "invalid-identity-number", "An identity number in a question is not valid.")
    static let anotherPerson = content(
        "question-about-another-person", "A question asks a provider about another person than its own.")
    static let noProvider = content("no-provider-included", "A question includes no provider.")

    // Who asks, and whom
    static let signatureInvalid = sender("signature-invalid", "The signature does not match the message.")
    static let tooWeak = sender(
        "algorithm-too-weak", "The signature or its certificate uses an algorithm or key that is too weak.")
    static let expired = sender("certificate-expired", "The signing certificate has expired.")
    static let notYetValid = sender("certificate-not-yet-valid", "The signing certificate is not valid yet.")
    static let revoked = sender("certificate-revoked", "A certificate of the signer's chain is revoked.")
    static let untrusted = sender(
        "certificate-untrusted", "The signing certificate does not lead to a trusted issuer.")
    static let wrongUsage = sender(
        "certificate-wrong-usage", "The certificate may not be used to sign messages.")
    static let signerOfAnother = sender(
        "signer-of-another-party", "The signer is not registered for the sender of the label.")
    static let transportOfAnother = sender(
        "transport-of-another-party", "The client certificate is not registered for the sender of the label.")
    static let malformedSender = Self(
        name: "malformed-sender", status: 400, code: "IllegalSender",
        sentence: "The sender of the label is not a valid address.")
    static let unknownParty = Self(
        name: "unknown-party", status: 403, code: "UnknownSender", sentence: "The sender is not known here.")
    static let unknownReceiver = Self(
        name: "unknown-receiver", status: 400, code: "UnknownReceiver",
        sentence: "The receiver of the label is not this node.")
    static let missingReceiver = Self(
        name: "missing-receiver", status: 400, code: "UnresolvedReceiver", sentence: "The label names no receiver.")
    static let unknownProduct = Self(
        name: "unknown-product", status: 400, code: "UnknownProductType",
        sentence: "The product is not offered by this node.")
    static let malformedProduct = Self(
        name: "malformed-product", status: 400, code: "IllegalProductType",
        sentence: "The product of the label is not a valid identifier.")
    static let wrongStatus = Self(
        name: "wrong-status", status: 403, code: "MissingAgreement",
        sentence: "The status of the label, test or production, does not fit this node.")
    static let asynchronous = Self(
        name: "asynchronous-not-supported", status: 400, code: "OtherError",
        sentence: "Asynchronous transfers are not supported; send the request as synch.")
    static let administrative = Self(
        name: "administrative-not-supported", status: 400, code: "OtherError",
        sentence: "Administrative messages are not supported.")
}
