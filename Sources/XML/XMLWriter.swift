/// Writes a document as bytes: escapes what is given as text, takes as it is what is given as raw bytes.
///
/// Well-formed as long as names are names and raw bytes are well-formed; both come from this project's code, never from
/// a message. Characters that XML 1.0 forbids become U+FFFD.
package struct XMLWriter {
    package enum Encoding: Sendable {
        case utf8
        /// Characters beyond U+00FF become numeric references.
        case latin1

        fileprivate var name: String {
            switch self {
            case .utf8: "UTF-8"
            case .latin1: "ISO-8859-1"
            }
        }
    }

    /// What has been written so far.
    package private(set) var bytes: [UInt8] = []
    private let encoding: Encoding
    private let lineEnd: String
    private var open: [String] = []

    /// With CRLF as line end no bare LF is written at all: those in text become references.
    package init(encoding: Encoding = .utf8, capacity: Int = 1024, lineEnd: String = "\n") {
        self.encoding = encoding
        self.lineEnd = lineEnd
        self.bytes.reserveCapacity(capacity)
    }

    /// `<?xml version="1.0" encoding="…"?>` and a line end.
    package mutating func declaration() {
        self.raw("<?xml version=\"1.0\" encoding=\"\(self.encoding.name)\"?>")
        self.lineBreak()
    }

    /// `<!DOCTYPE name SYSTEM "file">` and a line end.
    package mutating func documentType(_ name: String, systemID: String) {
        self.raw("<!DOCTYPE \(name) SYSTEM \"\(systemID)\">")
        self.lineBreak()
    }

    /// A line end between elements, where white space means nothing.
    package mutating func lineBreak() {
        self.raw(self.lineEnd)
    }

    /// A start tag.
    ///
    /// An attribute whose value is nil is left out.
    package mutating func start(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:]) {
        self.tag(name, attributes)
        self.bytes.append(0x3E)
        self.open.append(name)
    }

    /// The end tag of the innermost open element.
    package mutating func end() {
        guard let name = self.open.popLast() else { preconditionFailure("end() without start()") }
        self.raw("</")
        self.raw(name)
        self.bytes.append(0x3E)
    }

    /// An element without content: `<name/>`.
    package mutating func empty(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:]) {
        self.tag(name, attributes)
        self.raw("/>")
    }

    /// An element with text.
    package mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String) {
        self.start(name, attributes)
        self.text(text)
        self.end()
    }

    /// Escaped text.
    package mutating func text(_ text: String) {
        self.escape(text, inAttribute: false)
    }

    /// Markup that is well-formed already and in this writer's encoding.
    package mutating func raw(_ bytes: some Sequence<UInt8>) {
        self.bytes.append(contentsOf: bytes)
    }

    /// Markup in ASCII that is well-formed already.
    package mutating func raw(_ markup: String) {
        self.bytes.append(contentsOf: markup.utf8)
    }

    /// An attribute for a tag that is written with ``raw(_:)-(String)``, with a space before it.
    package mutating func attribute(_ name: String, _ value: String) {
        self.bytes.append(0x20)
        self.raw(name)
        self.raw("=\"")
        self.escape(value, inAttribute: true)
        self.bytes.append(0x22)
    }

    private mutating func tag(_ name: String, _ attributes: KeyValuePairs<String, String?>) {
        self.bytes.append(0x3C)
        self.raw(name)
        for case let (name, value?) in attributes { self.attribute(name, value) }
    }

    private mutating func escape(_ text: String, inAttribute: Bool) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: self.raw("&amp;")
            case 0x3C: self.raw("&lt;")
            case 0x3E: self.raw("&gt;")
            case 0x22 where inAttribute: self.raw("&quot;")
            // A parser would turn these into other characters (XML 1.0, sections 2.11 and 3.3.3).
            case 0x0D: self.raw("&#13;")
            case 0x0A where inAttribute || self.lineEnd != "\n": self.raw("&#10;")
            case 0x09 where inAttribute: self.raw("&#9;")
            case 0x09, 0x0A, 0x20..<0x80: self.bytes.append(UInt8(scalar.value))
            case 0..<0x20, 0xFFFE, 0xFFFF: self.character("\u{FFFD}")
            default: self.character(scalar)
            }
        }
    }

    private mutating func character(_ scalar: Unicode.Scalar) {
        switch self.encoding {
        case .utf8: self.bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        case .latin1 where scalar.value < 0x100: self.bytes.append(UInt8(scalar.value))
        case .latin1: self.raw("&#\(scalar.value);")
        }
    }
}
