internal import XML

/// Reads a label: the structure of the 1.2 (and 1.1) document type, never the document type itself.
///
/// Lenient where nodes are known to err: the charset of the part, blanks around values, `history`. Strict in the rest:
/// unknown, repeated or misplaced elements would let two nodes read two messages.
package struct LabelReader {
    /// The name of the document element.
    package static let rootName = "shs.label"

    /// Reads the bytes of the label part, in the encoding of the XML declaration, else UTF-8, else ISO-8859-1.
    ///
    /// ``Fault/labelNotFirst`` when it is another document; ``Fault/labelMalformed``, ``Fault/documentTypeForbidden``,
    /// ``Fault/malformedSender``, ``Fault/malformedReceiver``, ``Fault/malformedProduct``.
    package static func read(_ bytes: [UInt8], limits: MessageLimits = MessageLimits()) throws(Fault) -> Label {
        let options = XMLReadingOptions(
            maximumBytes: limits.maximumLabelBytes, maximumDepth: 8, maximumElements: 1000, maximumAttributes: 32,
            maximumNamespacesInScope: 8, allowsExternalDocumentTypeName: true)
        let root: XMLElement
        do {
            root = try XMLDocument(parsing: bytes, options: options, fallbackEncoding: .latin1).root
        } catch {
            throw error.reason == .documentTypeForbidden ? .documentTypeForbidden : .labelMalformed
        }
        guard root.name == Self.rootName, root.namespace == nil else { throw .labelNotFirst }
        return try Self.label(root)
    }

    private static func label(_ root: XMLElement) throws(Fault) -> Label {
        var children = LabelChildren(root)
        let version = root.attribute("version") ?? "1.2"
        guard ["1.2", "1.1"].contains(version) else { throw .labelMalformed }
        let originator = try children.take("originator").map(Self.endPoint)
        let from = try children.take("from").map(Self.sender)
        guard originator != nil || from != nil else { throw .labelMalformed }
        let to = try children.take("to").map(Self.receiver)
        let endRecipient = try children.take("end-recipient").map(Self.endPoint)
        let product = try Self.product(children.require("product"))
        let meta = try children.takeAll("meta").map(Self.meta)
        let subject = try children.take("subject").map(Self.text)
        let datetime = try Self.datetime(children.require("datetime"))
        let content = try LabelContentReader.content(children.require("content"), version)
        let history = children.takeAll("history").map(Self.history)
        try children.finish()
        var label = Label(
            txID: try root.requiredToken("tx.id"), corrID: try root.requiredToken("corr.id"),
            agreement: try root.token("shs.agreement"),
            transferType: try root.choice("transfer-type") ?? .asynch,
            sequenceType: try root.requiredChoice("sequence-type"),
            status: try root.choice("status") ?? .production,
            originator: originator, from: from, to: to, endRecipient: endRecipient, product: product, meta: meta,
            subject: subject, datetime: datetime, content: content)
        label.version = version
        label.messageType = try root.choice("message-type") ?? .simple
        label.documentType = try root.choice("document-type") ?? .simple
        label.history = history
        return label
    }

    private static func sender(_ element: XMLElement) throws(Fault) -> Label.Actor {
        guard let address = PartyAddress(try Self.text(element)) else { throw .malformedSender }
        guard let commonName = element.attribute("commonName") else { throw .labelMalformed }
        return Label.Actor(
            address: address, commonName: commonName, email: element.attribute("e-mail"),
            labeledURI: element.attribute("labeledURI"))
    }

    private static func receiver(_ element: XMLElement) throws(Fault) -> Label.Actor {
        guard let address = PartyAddress(try Self.text(element)) else { throw .malformedReceiver }
        return Label.Actor(address: address, commonName: element.attribute("commonName"))
    }

    private static func endPoint(_ element: XMLElement) throws(Fault) -> Label.EndPoint {
        let urn = String(SHSURN.trimmed(try Self.text(element)))
        guard !urn.isEmpty else { throw .labelMalformed }
        return Label.EndPoint(
            urn: urn, name: element.attribute("name"), labeledURI: element.attribute("labeledURI"))
    }

    private static func product(_ element: XMLElement) throws(Fault) -> Label.Product {
        guard let id = ProductID(try Self.text(element)) else { throw .malformedProduct }
        return Label.Product(
            id: id, commonName: element.attribute("commonName"), labeledURI: element.attribute("labeledURI"))
    }

    private static func meta(_ element: XMLElement) throws(Fault) -> Label.Meta {
        guard let name = element.attribute("name") else { throw .labelMalformed }
        return Label.Meta(name: name, value: try Self.text(element))
    }

    /// A bare date is seen as well as the full form, so only its size and characters are looked at.
    private static func datetime(_ element: XMLElement) throws(Fault) -> String {
        let text = SHSURN.trimmed(try Self.text(element))
        guard (1...40).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .labelMalformed
        }
        return String(text)
    }

    private static func history(_ element: XMLElement) -> Label.History {
        let attributes = element.attributes.map { ($0.name, $0.value) }
        return Label.History(
            datetime: element.first(named: "datetime")?.text, comment: element.first(named: "comment")?.text,
            attributes: Dictionary(attributes) { first, _ in first })
    }

    /// The text of an element that may have no children.
    static func text(_ element: XMLElement) throws(Fault) -> String {
        guard element.children.isEmpty else { throw .labelMalformed }
        return element.text
    }
}

/// Reads `content` and its `data` entries.
private enum LabelContentReader {
    static func content(_ element: XMLElement, _ version: String) throws(Fault) -> Label.Content {
        var children = LabelChildren(element)
        // Version 1.1 has no datapartType, and calls the identity of the content uuid.
        let isOld = version == "1.1"
        let data = try children.takeAll("data").map { element throws(Fault) in
            try Self.entry(element, defaultType: isOld ? "" : nil)
        }
        let compound = try data.isEmpty ? children.take("compound") : nil
        let comment = try children.take("comment").map(LabelReader.text)
        try children.finish()
        let contentID = try element.requiredToken(isOld ? "uuid" : "content.id")
        guard let compound else { return Label.Content(contentID: contentID, kind: .data(data), comment: comment) }
        guard let parts = compound.attribute("no-of-parts").flatMap({ Int($0) }) else { throw .labelMalformed }
        return Label.Content(contentID: contentID, kind: .compound(parts: parts), comment: comment)
    }

    private static func entry(_ element: XMLElement, defaultType: String?) throws(Fault) -> DataEntry {
        guard element.children.isEmpty, let datapartType = element.attribute("datapartType") ?? defaultType else {
            throw .labelMalformed
        }
        return DataEntry(
            datapartType: datapartType, filename: element.attribute("filename"),
            byteCount: Self.count(element.attribute("no-of-bytes")),
            recordCount: Self.count(element.attribute("no-of-records")))
    }

    /// Advisory numbers: what is none is left out.
    private static func count(_ text: String?) -> Int? {
        text.flatMap { Int(SHSURN.trimmed($0)) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}
