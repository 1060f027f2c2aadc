internal import XML

/// Writes a label: ISO-8859-1, CRLF, one line per element, as short as it goes.
///
/// Some nodes look for the label in the first 4096 bytes of a message only.
package struct LabelWriter {
    private var xml = XMLWriter(encoding: .latin1, capacity: 1024, lineEnd: "\r\n")

    package static func write(_ label: Label) -> [UInt8] {
        var writer = LabelWriter()
        writer.label(label)
        return writer.xml.bytes
    }

    private mutating func label(_ label: Label) {
        self.xml.declaration()
        self.xml.documentType(LabelReader.rootName, systemID: "shs-label-1.2.dtd")
        self.xml.start(
            LabelReader.rootName,
            [
                "version": "1.2", "tx.id": label.txID, "corr.id": label.corrID, "shs.agreement": label.agreement,
                "transfer-type": label.transferType.rawValue, "message-type": label.messageType.rawValue,
                "document-type": label.documentType.rawValue, "sequence-type": label.sequenceType.rawValue,
                "status": label.status.rawValue,
            ])
        self.xml.lineBreak()
        self.endPoint("originator", label.originator)
        if let from = label.from {
            // The document type requires the name of the sender, not that it says something.
            let attributes: KeyValuePairs = [
                "commonName": from.commonName ?? "", "e-mail": from.email, "labeledURI": from.labeledURI,
            ]
            self.element("from", attributes, from.address.urn)
        }
        if let to = label.to { self.element("to", ["commonName": to.commonName], to.address.urn) }
        self.endPoint("end-recipient", label.endRecipient)
        self.element(
            "product", ["commonName": label.product.commonName, "labeledURI": label.product.labeledURI],
            label.product.id.urn)
        for meta in label.meta { self.element("meta", ["name": meta.name], meta.value) }
        if let subject = label.subject { self.element("subject", [:], subject) }
        self.element("datetime", [:], label.datetime)
        self.content(label.content)
        for history in label.history { self.history(history) }
        self.xml.end()
        self.xml.lineBreak()
    }

    private mutating func endPoint(_ name: String, _ endPoint: Label.EndPoint?) {
        guard let endPoint else { return }
        self.element(name, ["name": endPoint.name, "labeledURI": endPoint.labeledURI], endPoint.urn)
    }

    private mutating func content(_ content: Label.Content) {
        // Some vendors cannot handle a content.id of more than 36 characters.
        self.xml.start("content", ["content.id": String(content.contentID.prefix(36))])
        self.xml.lineBreak()
        switch content.kind {
        case .data(let entries):
            for entry in entries {
                self.xml.empty(
                    "data",
                    [
                        "datapartType": entry.datapartType, "filename": entry.filename,
                        "no-of-bytes": entry.byteCount.map { String($0) },
                        "no-of-records": entry.recordCount.map { String($0) },
                    ])
                self.xml.lineBreak()
            }
        case .compound(let parts):
            self.xml.empty("compound", ["no-of-parts": String(parts)])
            self.xml.lineBreak()
        }
        if let comment = content.comment { self.element("comment", [:], comment) }
        self.xml.end()
        self.xml.lineBreak()
    }

    private mutating func history(_ history: Label.History) {
        self.xml.start(
            "history",
            [
                "node.id": history.attributes["node.id"] ?? "", "content.id": history.attributes["content.id"],
                "tx.id": history.attributes["tx.id"], "from": history.attributes["from"],
                "to": history.attributes["to"], "local.id": history.attributes["local.id"],
                "shs.agreement": history.attributes["shs.agreement"],
            ])
        self.xml.element("datetime", text: history.datetime ?? "")
        if let comment = history.comment { self.xml.element("comment", text: comment) }
        self.xml.end()
        self.xml.lineBreak()
    }

    private mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String?>, _ text: String) {
        self.xml.element(name, attributes, text: text)
        self.xml.lineBreak()
    }
}
