/// The boundary of a multipart (RFC 2046, section 5.1.1): 1 to 70 characters of a small set.
package struct MIMEBoundary: Sendable, Equatable {
    let bytes: [UInt8]

    /// The boundary that a Content-Type names; ``Fault/brokenMIME`` when there is none or its form is not allowed.
    init(of contentType: MIMEFieldValue) throws(Fault) {
        // Split or extended forms (RFC 2231) of a boundary exist only to make two readers see two structures.
        guard !contentType.parameters.contains(where: { $0.name.hasPrefix("boundary*") }),
            let parameter = contentType.parameters.first(where: { $0.name == "boundary" })
        else { throw .brokenMIME }
        // Unquoted, a blank would end the value and a parenthesis start a comment.
        guard parameter.isQuoted || !parameter.value.contains(where: { ASCII.isBlank($0) || $0 == 0x28 || $0 == 0x29 })
        else { throw .brokenMIME }
        try self.init(parameter.value)
    }

    /// For writing; the text is random enough not to occur in any content.
    package init(_ text: String) throws(Fault) {
        try self.init(Array(text.utf8))
    }

    private init(_ bytes: [UInt8]) throws(Fault) {
        guard (1...70).contains(bytes.count), bytes.last != ASCII.space, bytes.allSatisfy(Self.isAllowed) else {
            throw .brokenMIME
        }
        self.bytes = bytes
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x27, 0x28, 0x29, 0x2B, 0x5F, 0x2C, 0x2D, 0x2E, 0x2F, 0x3A, 0x3D, 0x3F, 0x20: true
        default: ASCII.isLetterOrDigit(byte)
        }
    }
}
