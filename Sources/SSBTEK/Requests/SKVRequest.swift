internal import XML

/// Skatteverket's `BeskattningsuppgifterRequest`, whose one child is a text in no namespace.
///
/// What the text says is not published; here it is an XML document of this project's own.
enum SKVRequest {
    static func document(for question: Question) -> [UInt8] {
        let text = GatewayQuestionDocument.document(named: "beskattningsfraga", for: question, to: .skv)
        var writer = XMLWriter(capacity: 2048)
        writer.start("k:BeskattningsuppgifterRequest", ["xmlns:k": Namespace.skatteverket])
        writer.element("forfragan", text: String(decoding: text, as: UTF8.self))
        writer.end()
        return writer.bytes
    }
}
