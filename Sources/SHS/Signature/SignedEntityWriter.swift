/// Wraps a message and its signature as `multipart/signed` with the headers inside (RFC 1847, RFC 8551 section 3.5.3).
package struct SignedEntityWriter {
    /// `content` stands there byte for byte as it was signed, `signature` is DER.
    ///
    /// `digest` is the name for `micalg`. `boundary` must not occur in the content: take a random one.
    package static func write(
        content: [UInt8], signature: [UInt8], boundary text: String, digest: String = "sha-256"
    ) throws(Fault) -> [UInt8] {
        let boundary = try MIMEBoundary(text)
        var writer = MIMEWriter(capacity: content.count + signature.count * 7 / 5 + 600)
        writer.header("Subject", "SHS Message")
        writer.header("MIME-Version", "1.0")
        writer.header(
            "Content-Type",
            "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=\(digest); "
                + MIMEWriter.parameter("boundary", text))
        writer.endHeaders()
        writer.delimiter(boundary, first: true)
        writer.raw(content)
        writer.delimiter(boundary)
        writer.header("Content-Type", "application/pkcs7-signature; name=\"smime.p7s\"")
        writer.header("Content-Transfer-Encoding", "base64")
        writer.header("Content-Disposition", "attachment; filename=\"smime.p7s\"")
        writer.endHeaders()
        writer.raw(Base64.encodeLines(signature))
        writer.closeDelimiter(boundary)
        return writer.bytes
    }
}
