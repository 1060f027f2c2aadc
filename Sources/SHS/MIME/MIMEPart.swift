/// One MIME entity: its headers and its undecoded body, with every byte where it was.
package struct MIMEPart: Sendable {
    /// Headers and body as they stand, without the line end that belongs to the next delimiter.
    package let bytes: ArraySlice<UInt8>
    package let headers: MIMEHeaders
    /// The body as it stands; transfer encoding not removed.
    package let body: ArraySlice<UInt8>
    /// `text/plain` when there is no such header (RFC 2045, section 5.2).
    package let contentType: MIMEFieldValue
    package let transferEncoding: TransferEncoding

    /// Reads an entity whose header block must end with an empty line.
    package static func read(_ bytes: ArraySlice<UInt8>, limits: MessageLimits) throws(Fault) -> MIMEPart {
        try MIMEPart(bytes, limits, needsEmptyLine: true)
    }

    /// Within a multipart a part may consist of headers only (RFC 2046, section 5.1.1, `body-part`).
    init(_ bytes: ArraySlice<UInt8>, _ limits: MessageLimits, needsEmptyLine: Bool) throws(Fault) {
        let (headers, bodyStart) = try MIMEHeaders.read(bytes, limits)
        guard bodyStart != nil || !needsEmptyLine else { throw .brokenMIME }
        self.bytes = bytes
        self.headers = headers
        self.body = bytes[(bodyStart ?? bytes.endIndex)...]
        let contentType = try MIMEFieldValue(headers.value("content-type") ?? Array("text/plain".utf8))
        guard contentType.value.split(separator: "/", omittingEmptySubsequences: false).count == 2,
            !contentType.value.hasPrefix("/"), !contentType.value.hasSuffix("/")
        else { throw .brokenMIME }
        self.contentType = contentType
        self.transferEncoding = try TransferEncoding(header: headers.value("content-transfer-encoding"))
    }

    /// The type and subtype in lower case.
    package var mediaType: String {
        self.contentType.value
    }

    package var isMultipart: Bool {
        self.mediaType.hasPrefix("multipart/")
    }

    /// The file name of Content-Disposition, else the `name` of Content-Type.
    ///
    /// A disposition that cannot be read names nothing.
    package var filename: String? {
        let disposition = self.headers.value("content-disposition").flatMap { try? MIMEFieldValue($0) }
        return disposition?.parameter("filename") ?? self.contentType.parameter("name")
    }

    /// The content without its transfer encoding.
    package func content() throws(Fault) -> [UInt8] {
        try self.transferEncoding.decode(self.body)
    }

    /// The parts of a multipart.
    ///
    /// ``Fault/brokenMIME`` when this is none, when it is encoded (RFC 2045, section 6.4, forbids that), when its end
    /// is missing or its boundaries can be read in two ways; ``Fault/tooManyParts`` beyond the limit.
    package func parts(limits: MessageLimits) throws(Fault) -> [MIMEPart] {
        guard self.isMultipart, self.transferEncoding.isIdentity else { throw .brokenMIME }
        let boundary = try MIMEBoundary(of: self.contentType)
        var parts: [MIMEPart] = []
        for bytes in try MultipartScanner.split(self.body, at: boundary, limits) {
            parts.append(try MIMEPart(bytes, limits, needsEmptyLine: false))
        }
        return parts
    }
}
