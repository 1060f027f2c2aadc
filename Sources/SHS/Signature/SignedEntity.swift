/// Finds the one signature around a message.
///
/// Decides nothing cryptographic.
package struct SignedEntity {
    package enum Form: Sendable, Equatable {
        /// `multipart/signed` (RFC 1847): the exact bytes of the first part with its headers, and the signature in DER.
        case detached(content: [UInt8], signature: [UInt8])
        /// `application/pkcs7-mime`: the signature in DER with the content inside.
        case opaque([UInt8])
    }

    /// Reads a request: `contentType` is its header, `body` its body.
    ///
    /// The MIME headers stand inside the body (`message/rfc822`, and `multipart/mixed` as an old client says), or the
    /// signed type is that of the request itself. ``Fault/wrongContentType`` for other types of request,
    /// ``Fault/signatureMissing`` for an unsigned message, ``Fault/signatureMalformed`` for a signed one of the wrong
    /// form, ``Fault/brokenMIME``.
    package static func read(
        contentType: String?, body: [UInt8], limits: MessageLimits = MessageLimits()
    ) throws(Fault) -> Form {
        guard let contentType, let type = try? MIMEFieldValue(contentType.utf8) else { throw .wrongContentType }
        switch type.value {
        case "message/rfc822":
            return try Self.form(of: MIMEPart.read(body[...], limits: limits), limits)
        case "multipart/mixed":
            // With the headers on the request it cannot be signed; with headers inside it may be.
            guard let entity = try? MIMEPart.read(body[...], limits: limits) else { throw .signatureMissing }
            return try Self.form(of: entity, limits)
        case "multipart/signed" where type.parameter("boundary") != nil:
            return try Self.detached(body[...], type, limits)
        case "multipart/signed":
            return try Self.form(of: MIMEPart.read(body[...], limits: limits), limits)
        case let value where Self.isOpaque(value):
            return try Self.opaque(onRequest: type, body, limits)
        default:
            throw .wrongContentType
        }
    }

    /// The form of an entity that has its headers inside, a file for example.
    package static func read(
        entity: [UInt8], limits: MessageLimits = MessageLimits()
    ) throws(Fault) -> Form {
        try Self.form(of: MIMEPart.read(entity[...], limits: limits), limits)
    }

    private static func form(of entity: MIMEPart, _ limits: MessageLimits) throws(Fault) -> Form {
        if entity.mediaType == "multipart/signed" {
            guard entity.transferEncoding.isIdentity else { throw .brokenMIME }
            return try Self.detached(entity.body, entity.contentType, limits)
        }
        guard Self.isOpaque(entity.mediaType) else { throw .signatureMissing }
        try Self.requireSignedData(entity.contentType)
        return .opaque(try Self.der(entity.content()))
    }

    private static func detached(
        _ body: ArraySlice<UInt8>, _ type: MIMEFieldValue, _ limits: MessageLimits
    ) throws(Fault) -> Form {
        guard let signatureProtocol = type.parameter("protocol"), Self.isSignature(signatureProtocol.lowercased())
        else {
            throw .signatureMalformed
        }
        let parts = try MultipartScanner.split(body, at: MIMEBoundary(of: type), limits)
        guard parts.count == 2 else { throw .signatureMalformed }
        let signature = try MIMEPart(parts[1], limits, needsEmptyLine: true)
        guard Self.isSignature(signature.mediaType) else { throw .signatureMalformed }
        return .detached(content: Array(parts[0]), signature: try Self.der(signature.content()))
    }

    /// The type stands on the request, so the body is DER, base64, or an entity that says the same again.
    private static func opaque(
        onRequest type: MIMEFieldValue, _ body: [UInt8], _ limits: MessageLimits
    ) throws(Fault) -> Form {
        try Self.requireSignedData(type)
        if body.first == 0x30 { return .opaque(body) }
        if let decoded = Base64.decode(body[...]) { return .opaque(try Self.der(decoded)) }
        return try Self.form(of: MIMEPart.read(body[...], limits: limits), limits)
    }

    private static func isOpaque(_ mediaType: String) -> Bool {
        ["application/pkcs7-mime", "application/x-pkcs7-mime"].contains(mediaType) || Self.isSignature(mediaType)
    }

    private static func isSignature(_ mediaType: String) -> Bool {
        ["application/pkcs7-signature", "application/x-pkcs7-signature"].contains(mediaType)
    }

    /// Encrypted, compressed or certificates only: not signed as a whole.
    private static func requireSignedData(_ type: MIMEFieldValue) throws(Fault) {
        guard ["signed-data", nil].contains(type.parameter("smime-type")?.lowercased()) else { throw .signatureMissing }
    }

    /// At least a SEQUENCE; the rest is for the verifier.
    private static func der(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
        guard bytes.first == 0x30 else { throw .signatureMalformed }
        return bytes
    }

    /// The content with every bare LF turned into CRLF, as S/MIME signs text (RFC 8551, section 3.1.1).
    ///
    /// A verifier tries the exact bytes first, then these, and reads on only those that the signature covers.
    package static func canonicalised(_ content: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(content.count + content.count / 40)
        var previous: UInt8 = 0
        for byte in content {
            if byte == ASCII.lineFeed, previous != ASCII.carriageReturn { result.append(ASCII.carriageReturn) }
            result.append(byte)
            previous = byte
        }
        return result
    }
}
