/// Refuses a message that contains a signature or encryption of its own anywhere inside.
///
/// Digging for inner signatures is what the known wrapping attacks live on: what is shown as signed and what is read
/// must be the same bytes. The whole tree is read for it, so that a broken or bottomless inner multipart is refused as
/// well.
enum NestedSignatures {
    /// Reads the parts of the message, having looked through everything inside them.
    static func partsWithoutSignatures(of entity: MIMEPart, _ limits: MessageLimits) throws(Fault) -> [MIMEPart] {
        guard !self.isCryptographic(entity.mediaType) else { throw .signatureNested }
        let parts = try entity.parts(limits: limits)
        var count = parts.count
        for part in parts { try self.visit(part, depth: 2, &count, limits) }
        return parts
    }

    private static func visit(
        _ part: MIMEPart, depth: Int, _ parts: inout Int, _ limits: MessageLimits
    ) throws(Fault) {
        guard !self.isCryptographic(part.mediaType) else { throw .signatureNested }
        guard part.isMultipart || part.mediaType == "message/rfc822" else { return }
        guard depth <= limits.maximumDepth else { throw .brokenMIME }
        if part.isMultipart {
            for child in try part.parts(limits: limits) {
                parts += 1
                guard parts <= limits.maximumParts else { throw .tooManyParts }
                try self.visit(child, depth: depth + 1, &parts, limits)
            }
        } else {
            let inner = try MIMEPart.read(part.content()[...], limits: limits)
            try self.visit(inner, depth: depth + 1, &parts, limits)
        }
    }

    private static func isCryptographic(_ mediaType: String) -> Bool {
        switch mediaType {
        case "multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime",
            "application/pkcs7-signature", "application/x-pkcs7-signature":
            true
        default: false
        }
    }
}
