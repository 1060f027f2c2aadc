import Foundation
import Testing

/// One way in which a message can be wrong, and what its sender is told.
struct BadMessage: Sendable, CustomTestStringConvertible {
    let name: String
    let refusal: Refusal
    /// Who delivers it.
    var transport: PKI.Peer = .municipalityA
    var contentType = "message/rfc822"
    /// Makes the request's body about a person.
    let body: @Sendable (OpenSSL, Person) async throws -> [UInt8]
    var personIsInvalid = false

    var testDescription: String { self.name }

    static let all: [BadMessage] = structure + questions + labels + parties + certificates + signatures

    /// Signed by the party itself, after a change to the message.
    private static func signed(
        _ name: String, _ refusal: Refusal, as signer: PKI.Peer = .municipalityA, transport: PKI.Peer = .municipalityA,
        options: [String] = [], personIsInvalid: Bool = false,
        _ change: @escaping @Sendable (inout RequestMessage, Person) -> Void = { _, _ in }
    ) -> BadMessage {
        BadMessage(
            name: name, refusal: refusal, transport: transport,
            body: { openssl, person in
                var request = RequestMessage(about: person)
                change(&request, person)
                return try await openssl.sign(request.bytes, as: signer, options: options)
            }, personIsInvalid: personIsInvalid)
    }

    /// Signed after a change to the message's text.
    private static func replaced(_ name: String, _ refusal: Refusal, _ old: String, _ new: String) -> BadMessage {
        BadMessage(
            name: name, refusal: refusal,
            body: { openssl, person in
                let request = RequestMessage(about: person)
                let changed = request.bytes(replacing: old, with: new)
                try #require(changed != request.bytes, "\(name) changes nothing")
                return try await openssl.sign(changed)
            })
    }

    // MARK: The message

    private static let structure = [
        replaced("a part without its headers' end", .brokenMIME, "\r\n\r\n<?xml", "<?xml"),
        replaced("no boundary", .brokenMIME, "; boundary=\"\(RequestMessage.boundary)\"", ""),
        replaced("no end boundary", .brokenMIME, "--\(RequestMessage.boundary)--\r\n", ""),
        BadMessage(
            name: "no end boundary around the signature", refusal: .brokenMIME,
            body: { openssl, person in
                let signed = try await openssl.sign(RequestMessage(about: person).bytes)
                let end = try #require(signed.lastRange(of: "--\n") ?? signed.lastRange(of: "--\r\n"))
                return Array(signed[..<end])
            }),
        signed("a question before the label", .labelNotFirst) { request, _ in request.putsLabelLast = true },
        signed("a document type with entities", .documentType) { request, _ in
            request.documentType = "<!DOCTYPE shs.label [<!ENTITY a \"b\">]>"
        },
        signed("a document type from the network", .documentType) { request, _ in
            request.documentType = "<!DOCTYPE shs.label SYSTEM \"http://127.0.0.1:9/label.dtd\">"
        },
        signed("a label that lists more than there is", .datapartMissing) { request, _ in request.unlistedParts = 1 },
        signed("no question", .datapartMissing) { request, _ in request.questions = [] },
        signed("eleven questions", .wrongNumber) { request, person in
            request.questions = (0..<11).map { _ in Question(person).text }
        },
        signed("forty questions", .tooManyParts) { request, person in
            request.questions = (0..<40).map { _ in Question(person).text }
        },
        BadMessage(name: "another content type", refusal: .wrongContentType, contentType: "text/plain") {
            try await $0.sign(RequestMessage(about: $1).bytes)
        },
    ]

    private static let questions = [
        signed("an XML bomb", .documentType) { request, person in
            var question = Question(person)
            let entities = (1..<10).map { level in
                "<!ENTITY e\(level) \"\(String(repeating: "&e\(level - 1);", count: 10))\">"
            }
            question.prologue = "<!DOCTYPE lolz [<!ENTITY e0 \"lol\">\(entities.joined())]>"
            request.questions = [question.text.replacing("handlaggare-17", with: "&e9;")]
        },
        signed("a question that names a file", .documentType) { request, person in
            var question = Question(person)
            question.prologue = "<!DOCTYPE q [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
            request.questions = [question.text.replacing("handlaggare-17", with: "&f;")]
        },
        signed("a question cut short", .questionMalformed) { request, person in
            request.questions = [String(Question(person).text.dropLast(40))]
        },
        signed("the namespace of another version", .againstContract) { request, person in
            var question = Question(person)
            question.namespace = "http://schema.forsakringskassan.se/integration/ssbt/9"
            request.questions = [question.text]
        },
        signed("an element that the contract does not have", .againstContract) { request, person in
            request.questions = [Question(person).text.replacing("<syfte>", with: "<mer>x</mer><syfte>")]
        },
        signed("an identity number with a wrong check digit", .invalidNumber, personIsInvalid: true),
        signed("a LEFI question about somebody else", .anotherPerson) { request, person in
            var question = Question(person)
            question.lefiPerson = .new()
            request.questions = [question.text]
        },
        signed("nobody to ask", .noProvider) { request, person in
            var question = Question(person)
            question.providers = []
            request.questions = [question.text]
        },
        signed("one bad question among good ones", .invalidNumber) { request, person in
            request.questions = [Question(person).text, Question(.invalid()).text, Question(.new()).text]
        },
    ]

    private static let labels = [
        signed("an unknown product", .unknownProduct) { request, _ in
            request.product = "11111111-2222-3333-4444-555555555555"
        },
        signed("a product that is no identifier", .malformedProduct) { request, _ in request.product = "ssbtek" },
        signed("another receiver", .unknownReceiver) { request, _ in request.to = "2021000001" },
        signed("no receiver", .missingReceiver) { request, _ in request.to = nil },
        signed("production", .wrongStatus) { request, _ in request.status = "production" },
        signed("ASYNCH", .asynchronous) { request, _ in request.transferType = "asynch" },
        signed("ADM", .administrative) { request, _ in request.sequenceType = "adm" },
        signed("a reply instead of a request", .notARequest) { request, _ in request.sequenceType = "reply" },
        signed("a sequence type that there is not", .labelMalformed) { request, _ in request.sequenceType = "question"
        },
    ]

    // MARK: Who sends it

    private static let parties = [
        signed("an unknown party", .unknownParty, as: .unregistered, transport: .unregistered) { request, _ in
            request.from = PKI.Organisation.unregistered
        },
        signed("a sender that is no address", .malformedSender) { request, _ in request.from = "kommunen" },
        signed("the signer of another party", .signerOfAnother, as: .municipalityB),
        signed("a supplier as the signer", .signerOfAnother, as: .supplier, transport: .municipalityB) { request, _ in
            request.from = PKI.Organisation.municipalityB
        },
        signed("the transport of another party", .transportOfAnother, transport: .municipalityB),
        signed("a supplier of another party", .transportOfAnother, transport: .supplier),
    ]

    private static let certificates = [
        signed("an expired certificate", .expired, as: .expired),
        signed("a certificate that is not valid yet", .notYetValid, as: .notYetValid),
        signed("a revoked certificate", .revoked, as: .revoked),
        signed("an untrusted certificate", .untrusted, as: .untrusted),
        signed("a weak key", .tooWeak, as: .weakKey),
        signed("a certificate signed with SHA-1", .tooWeak, as: .weakDigest),
        signed("a certificate for servers", .wrongUsage, as: .wrongExtendedUsage),
        signed("a certificate for encryption", .wrongUsage, as: .wrongKeyUsage),
    ]

    // MARK: The signature

    private static let signatures = [
        BadMessage(name: "no signature", refusal: .unsigned, body: { RequestMessage(about: $1).bytes }),
        BadMessage(name: "encrypted", refusal: .unsigned) { try await $0.encrypt(RequestMessage(about: $1).bytes) },
        signed("a signature with SHA-1", .tooWeak, options: ["-md", "sha1"]),
        BadMessage(
            name: "two signers", refusal: .severalSigners,
            body: { openssl, person in
                let second = openssl.pki.path("peers/supplier/signer")
                return try await openssl.sign(
                    RequestMessage(about: person).bytes,
                    options: ["-signer", second + ".crt", "-inkey", second + ".key"])
            }),
        BadMessage(
            name: "a signed message inside", refusal: .nested,
            body: { openssl, person in
                try await openssl.sign(try await openssl.sign(RequestMessage(about: person).bytes))
            }),
        BadMessage(
            name: "an opaque one inside", refusal: .nested,
            body: { openssl, person in
                try await openssl.sign(
                    try await openssl.sign(RequestMessage(about: person).bytes, options: ["-nodetach"]))
            }),
        BadMessage(
            name: "changed after signing", refusal: .signatureInvalid,
            body: { openssl, person in
                let signed = try await openssl.sign(RequestMessage(about: person).bytes)
                let text = String(decoding: signed, as: UTF8.self)
                return Array(text.replacing("<subject>question", with: "<subject>questiom").utf8)
            }),
        BadMessage(
            name: "a signature over other bytes", refusal: .signatureInvalid,
            body: { openssl, person in
                let shown = try await openssl.sign(RequestMessage(about: person).bytes)
                let other = try await openssl.sign(RequestMessage(about: .new()).bytes)
                return try SignatureSwap.signature(of: other, under: shown)
            }),
        BadMessage(
            name: "no certificate and no signature in it", refusal: .signatureMalformed,
            body: { openssl, person in
                let shown = try await openssl.sign(RequestMessage(about: person).bytes)
                return try SignatureSwap.replacing(
                    Data([0x30, 0x03, 0x02, 0x01, 0x00]).base64EncodedString(), in: shown)
            }),
    ]
}

/// Puts another signature into a `multipart/signed` entity of openssl.
enum SignatureSwap {
    static func signature(of other: [UInt8], under shown: [UInt8]) throws -> [UInt8] {
        let text = String(decoding: other, as: UTF8.self)
        return try self.replacing(String(text[try self.range(in: text)]), in: shown)
    }

    static func replacing(_ signature: String, in shown: [UInt8]) throws -> [UInt8] {
        var text = String(decoding: shown, as: UTF8.self)
        text.replaceSubrange(try self.range(in: text), with: signature)
        return Array(text.utf8)
    }

    /// The base64 of the last part: after its empty line, up to the delimiter.
    private static func range(in text: String) throws -> Range<String.Index> {
        let header = try #require(text.ranges(of: "filename=\"smime.p7s\"").last)
        let start = try #require(text[header.upperBound...].firstMatch(of: #/\r?\n\r?\n/#)).range.upperBound
        let end = try #require(text[start...].firstMatch(of: #/\r?\n\r?\n--/#)).range.lowerBound
        return start..<end
    }
}

extension [UInt8] {
    /// Where the last occurrence of a text begins.
    fileprivate func lastRange(of text: String) -> Int? {
        let needle = Array(text.utf8)
        return (0...Swift.max(0, self.count - needle.count)).last { self[$0...].starts(with: needle) }
    }
}
