package import XML

/// Turns what a base service answered into its section, and sees that the section keeps the contract and is about the
/// person asked about.
///
/// Stage provide. Nothing is repaired: what cannot stand in the answer unchanged becomes the error `SSBT-3`, and what
/// the base service itself calls an error becomes one with source `BT`.
package struct SectionBuilder: Sendable {
    private let contract: Contract
    private let options: XMLReadingOptions

    /// `options` are the limits for one base service's document.
    package init(contract: Contract, options: XMLReadingOptions = XMLReadingOptions()) {
        self.contract = contract
        self.options = options
    }

    /// The section for a response body without its envelope (see ``SOAPEnvelope/unwrap(_:options:)``).
    ///
    /// What is about another person than `question` is never data; what that covers, and what it cannot, is said at
    /// `AnswerSubject`.
    package func section(
        for provider: Provider, from response: [UInt8], form: SectionForm, to question: Question
    ) -> Section {
        guard provider.sectionForms.contains(form) else { return Self.againstContract }
        // Parsed once: for a large answer that is what a section costs.
        if provider == .fk { return self.lefi(response, question) }
        guard let document = try? XMLDocument(parsing: response, options: self.options) else {
            return Self.againstContract
        }
        if let refusal = ProviderRefusal.read(document, from: provider) { return Section(refusal, to: question) }
        if AnswerSubject.isAnother(document, from: provider, form: form, than: question) { return .aboutAnother }
        let element: [UInt8]? =
            switch form {
            case .xmlInline: self.inline(document, provider)
            case .base64: self.base64(document, response)
            case .text: self.text(document, response)
            }
        return element.map { Section(.data($0)) } ?? Self.againstContract
    }

    private static let againstContract = Section(.error(.gateway(.answerAgainstContract)))

    private func lefi(_ response: [UInt8], _ question: Question) -> Section {
        guard let object = JSONReader.read(response, refusingRepeatedNames: false) else { return Self.againstContract }
        if let refusal = ProviderRefusal.read(object, status: nil) { return Section(refusal, to: question) }
        guard case .object = object else { return Self.againstContract }
        if AnswerSubject.isAnother(object, than: question) { return .aboutAnother }
        return Section(.data(Self.encoded(response, in: "lefiJsonSvar")))
    }

    /// The document element must be the one that the contract names: an empty `<html/>` would else be "no permits".
    private func inline(_ document: XMLDocument, _ provider: Provider) -> [UInt8]? {
        guard let expected = provider.responseRoot,
            case let root = document.outline(levels: 0),
            root.name == expected.name, root.namespace == expected.namespace,
            // Its attributes do not go along, so none may change what the content means.
            root.attribute("nil", namespace: Namespace.schemaInstance) == nil,
            root.attribute("type", namespace: Namespace.schemaInstance) == nil,
            let content = XMLContent.innerContent(of: document.bytes, path: ["*"])
        else { return nil }
        let element = EmbeddedContent.element("data", around: content)
        return self.keepsContract(element, provider) ? element : nil
    }

    private func base64(_ document: XMLDocument, _ response: [UInt8]) -> [UInt8]? {
        guard document.outline(levels: 0).namespace?.hasPrefix(Provider.csnNamespacePrefix) == true else { return nil }
        return Self.encoded(response, in: "svar")
    }

    /// Valid by construction: the element holds nothing but base64.
    private static func encoded(_ response: [UInt8], in name: String) -> [UInt8] {
        var writer = XMLWriter(capacity: response.count / 3 * 4 + 256)
        writer.start("s:data", ["xmlns:s": Namespace.ssbtek])
        writer.start("s:\(name)")
        writer.raw(Base64.encode(response))
        writer.end()
        writer.end()
        return writer.bytes
    }

    private func text(_ document: XMLDocument, _ response: [UInt8]) -> [UInt8]? {
        var writer = XMLWriter(capacity: response.count * 5 / 4 + 256)
        writer.start("s:data", ["xmlns:s": Namespace.ssbtek])
        writer.element("svar", text: Self.characters(of: response, document))
        writer.end()
        return self.keepsContract(writer.bytes, .skv) ? writer.bytes : nil
    }

    /// The document as characters.
    ///
    /// Without its XML declaration when that names another encoding than UTF-8, which would no longer be true.
    private static func characters(of response: [UInt8], _ document: XMLDocument) -> String {
        let declaration = response.dropLast(document.bytes.count)
        let isUnchanged =
            response.count >= document.bytes.count && response[declaration.endIndex...] == document.bytes[...]
        let name = String(decoding: declaration, as: UTF8.self).lowercased()
        let isTrue = name.contains("utf-8") || !name.contains("encoding")
        let hasMark = declaration.starts(with: [0xEF, 0xBB, 0xBF])
        return String(decoding: isUnchanged && isTrue && !hasMark ? response : document.bytes, as: UTF8.self)
    }

    /// Whether an answer of this section alone is valid and holds nothing besides: what is checked is what is sent.
    private func keepsContract(_ element: [UInt8], _ provider: Provider) -> Bool {
        let answer = AnswerWriter.answer(
            askedAt: nil, correlationID: nil, echo: nil, sections: [(provider, .data(element))])
        var options = self.options
        options.maximumBytes = max(options.maximumBytes, answer.count)
        options.maximumDepth = min(options.maximumDepth + 4, 200)
        guard let document = try? XMLDocument(parsing: answer, options: options), self.contract.accepts(document) else {
            return false
        }
        let root = document.outline(levels: 3)
        let sections = root.first(named: "svarsdata")?.children ?? []
        return root.children.count == 1 && sections.count == 1 && sections[0].name == provider.rawValue
            && sections[0].children.count == 1 && sections[0].children[0].name == "data"
    }
}
