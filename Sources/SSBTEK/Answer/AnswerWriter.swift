internal import XML

/// Writes the combined answer: one section per base service that was asked, each data or error.
///
/// Stage reply. The prefix is `s`, and no default namespace is in scope where a base service's bytes stand: the
/// children of Skatteverket's and Migrationsverket's data are in no namespace, those of Transportstyrelsen's in its own.
package enum AnswerWriter {
    /// The whole `hamtaBastjanstInformationResponse` document in UTF-8.
    ///
    /// Sections are put in the contract's order; of several for one base service the first counts. `echo` is
    /// ``Question/echoContent``, `askedAt` and `correlationID` those of the question.
    package static func answer(
        askedAt: String?, correlationID: String?, echo: [UInt8]?, sections: [(Provider, SectionOutcome)]
    ) -> [UInt8] {
        var writer = XMLWriter(capacity: self.size(echo: echo, sections: sections))
        writer.declaration()
        writer.start("s:hamtaBastjanstInformationResponse", ["xmlns:s": Namespace.ssbtek])
        if let echo { writer.raw(echo) }
        if let askedAt { writer.element("s:frageTidpunkt", text: askedAt) }
        if let correlationID { writer.element("s:korrelationsid", text: correlationID) }
        writer.start("s:svarsdata")
        for provider in Provider.allCases {
            guard let outcome = sections.first(where: { $0.0 == provider })?.1 else { continue }
            writer.start("s:\(provider.rawValue)")
            switch outcome {
            case .data(let element): writer.raw(element)
            case .error(let error): self.write(error, to: &writer)
            }
            writer.end()
        }
        writer.end()
        writer.end()
        return writer.bytes
    }

    private static func write(_ error: ProviderError, to writer: inout XMLWriter) {
        writer.start("s:error")
        writer.element("s:kalla", text: error.source.rawValue)
        writer.element("s:felkod", text: error.code)
        for message in error.messages { writer.element("s:felmeddelande", text: message) }
        writer.end()
    }

    private static func size(echo: [UInt8]?, sections: [(Provider, SectionOutcome)]) -> Int {
        sections.reduce(1024 + (echo?.count ?? 0)) { size, section in
            if case .data(let bytes) = section.1 { return size + bytes.count + 64 }
            return size + 512
        }
    }
}
