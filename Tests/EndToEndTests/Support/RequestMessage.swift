import Foundation

/// An SHS request as a municipality's system writes it, before it is signed.
struct RequestMessage {
    var questions: [String]
    var txID = UUID().uuidString.lowercased()
    var from = PKI.Organisation.municipalityA
    /// Nil leaves the element out.
    var to: String? = PKI.Organisation.node
    var product = "00000000-0000-0000-0000-00000000e001"
    var transferType = "synch"
    var sequenceType = "request"
    var status = "test"
    var documentType = "<!DOCTYPE shs.label SYSTEM \"shs-label-1.2.dtd\">"
    /// What the label lists beyond the parts that are there.
    var unlistedParts = 0
    var putsLabelLast = false

    init(_ questions: [Question]) { self.questions = questions.map(\.text) }

    init(about persons: Person...) { self.init(persons.map { Question($0) }) }

    static let boundary = "=_the_inner_boundary"

    /// The entity with its MIME headers inside, CRLF throughout.
    var bytes: [UInt8] {
        let label = "Content-Type: text/xml; charset=ISO-8859-1\nContent-Transfer-Encoding: binary\n\n" + self.label
        let data = self.questions.enumerated().map { index, question in
            let encoded = Data(question.utf8).base64EncodedString(options: [
                .lineLength76Characters, .endLineWithLineFeed,
            ])
            return """
                Content-Type: application/xml
                Content-Transfer-Encoding: base64
                Content-Disposition: attachment; filename=question-\(index + 1).xml

                \(encoded)

                """
        }
        let parts = self.putsLabelLast ? data + [label] : [label] + data
        let head = """
            Subject: SHS Message
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="\(Self.boundary)"


            """
        let text = head + parts.map { "--\(Self.boundary)\n\($0)" }.joined() + "--\(Self.boundary)--\n"
        return Array(text.replacing("\n", with: "\r\n").utf8)
    }

    /// The same, changed by hand.
    func bytes(replacing old: String, with new: String) -> [UInt8] {
        Array(String(decoding: self.bytes, as: UTF8.self).replacing(old, with: new).utf8)
    }

    private var label: String {
        let to = self.to.map { "  <to commonName=\"Composite service\">urn:X-shs:\($0)</to>\n" } ?? ""
        let entries = (0..<self.questions.count + self.unlistedParts).map {
            "    <data datapartType=\"question\" filename=\"question-\($0 + 1).xml\"/>\n"
        }
        return """
            <?xml version="1.0" encoding="ISO-8859-1"?>
            \(self.documentType)
            <shs.label version="1.2" tx.id="\(self.txID)" corr.id="\(self.txID)" transfer-type="\(self.transferType)"
                       message-type="simple" document-type="simple" sequence-type="\(self.sequenceType)" \
            status="\(self.status)">
              <from commonName="Exempelkommun">urn:X-shs:\(self.from)</from>
            \(to)  <product commonName="SSBTEK">urn:X-shs:\(self.product)</product>
              <subject>question</subject>
              <datetime>2025-11-21T12:00:00</datetime>
              <content content.id="\(UUID().uuidString.lowercased())">
            \(entries.joined())  </content>
            </shs.label>

            """
    }
}
