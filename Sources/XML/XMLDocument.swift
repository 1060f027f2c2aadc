internal import CLibXML2

/// A well-formed, namespace-correct document without entities, read by a hardened libxml2.
///
/// Never on the network, never a file beside the document, never a declared entity. See ``XMLReadingOptions`` for the
/// limits.
package struct XMLDocument: Sendable {
    /// The document as UTF-8 without byte order mark and XML declaration: what ``XMLContent`` takes ranges of.
    package let bytes: [UInt8]
    let tree: TreeHandle

    /// Reads a document in one of the encodings of ``XMLEncoding``.
    ///
    /// `fallbackEncoding` is for a document that names no encoding and is not UTF-8 either.
    package init(
        parsing bytes: [UInt8], options: XMLReadingOptions = XMLReadingOptions(), fallbackEncoding: XMLEncoding? = nil
    ) throws(XMLParsingError) {
        // The largest document of each encoding is at least half as large as its UTF-8 form.
        guard bytes.count / 2 <= options.maximumBytes else { throw XMLParsingError(.tooLarge) }
        guard let utf8 = transcodeToUTF8(bytes, fallback: fallbackEncoding) else {
            throw XMLParsingError(.notWellFormed)
        }
        try XMLInspection.check(utf8, options)
        self.tree = try XMLParser.parse(utf8)
        self.bytes = utf8
    }

    /// The document element with everything below; copied out of the parser's tree at the first use.
    package var root: XMLElement { self.tree.root }

    /// The document element with at most so many levels below it, for those who only look at how a document begins.
    package func outline(levels: Int) -> XMLElement { self.tree.outline(levels: levels) }
}
