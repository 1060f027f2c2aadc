package import XML

/// Reads a combined answer, for those who sent the question.
package struct AnswerReader: Sendable {
    private let contract: Contract
    private let options: XMLReadingOptions

    package init(
        contract: Contract,
        options: XMLReadingOptions = XMLReadingOptions(
            maximumBytes: 64 << 20, maximumDepth: 200, maximumElements: 1_000_000)
    ) {
        self.contract = contract
        self.options = options
    }

    /// The answer, or the reason why it is none.
    package func read(_ bytes: [UInt8]) throws(AnswerFault) -> Answer {
        guard let document = try? XMLDocument(parsing: bytes, options: self.options) else { throw .malformed }
        let root = document.root
        guard root.name == "hamtaBastjanstInformationResponse", root.namespace == Namespace.ssbtek,
            self.contract.accepts(document), let content = root.first(named: "svarsdata")
        else { throw .againstContract }
        var sections: [Provider: AnswerSection] = [:]
        for provider in Provider.allCases {
            guard let section = content.first(named: provider.rawValue)?.children.first else { continue }
            if section.name == "data" {
                sections[provider] = .data(FindingReader.read(section, from: provider))
            } else {
                let source = ProviderError.Source(rawValue: section.textOfChild("kalla")) ?? .ssbt
                sections[provider] = .error(
                    ProviderError(
                        source: source, code: section.textOfChild("felkod"),
                        messages: section.children(named: "felmeddelande").map(\.text)))
            }
        }
        return Answer(
            askedAt: root.first(named: "frageTidpunkt")?.collapsedText,
            correlationID: root.first(named: "korrelationsid")?.text, hasEcho: root.first(named: "fraga") != nil,
            sections: sections)
    }
}
