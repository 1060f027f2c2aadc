import SSBTEK
import Testing

@Suite struct AnswerMixtureTests {
    @Test func `every mixture of data and error and not asked is valid and read as what it is`() throws {
        let data = Dictionary(
            uniqueKeysWithValues: Provider.allCases.map { ($0, $0.section(ProviderResponse.bytes(of: $0))) })
        for (provider, outcome) in data { try #require(outcome.data != nil, "\(provider)") }
        let refusal = ProviderError(source: .bt, code: "17", messages: ["Nej & <åter> nej", "\u{1}\r\n"])
        let reader = AnswerReader(contract: ContractFiles.contract)
        var mixtures = 0
        for mixture in 0..<2187 {
            var rest = mixture
            var sections: [(Provider, SectionOutcome)] = []
            for provider in Provider.allCases {
                switch rest % 3 {
                case 0: sections.append((provider, data[provider] ?? .error(refusal)))
                case 1:
                    sections.append((provider, .error(mixture.isMultiple(of: 2) ? refusal : .gateway(.noAnswerInTime))))
                default: break
                }
                rest /= 3
            }
            let answer = AnswerWriter.answer(
                askedAt: nil, correlationID: "k", echo: nil, sections: sections.reversed())
            let read = try reader.read(answer)
            for provider in Provider.allCases {
                switch sections.first(where: { $0.0 == provider })?.1 {
                case .data: #expect(read[provider] == .data(.hits))
                case .error(let error):
                    guard case .error(let found) = read[provider] else {
                        Issue.record("mixture \(mixture): no error for \(provider)")
                        return
                    }
                    #expect(found.source == error.source && found.code == error.code)
                    #expect(found.messages.count == error.messages.count)
                case nil: #expect(read[provider] == .notAsked)
                }
            }
            mixtures += 1
        }
        #expect(mixtures == 2187)
    }

    @Test func `what the asker gave comes back as it was`() throws {
        let identifier = " k & <1> \r\n\t]]> åäö "
        let answer = AnswerWriter.answer(
            askedAt: "2025-02-03T10:11:12.5+01:00", correlationID: identifier, echo: nil, sections: [])
        let read = try AnswerReader(contract: ContractFiles.contract).read(answer)
        #expect(read.correlationID == identifier)
        #expect(read.askedAt == "2025-02-03T10:11:12.5+01:00")
        #expect(!read.hasEcho)
    }

    @Test func `a section comes once`() {
        let answer = AnswerWriter.answer(
            askedAt: nil, correlationID: nil, echo: nil,
            sections: [(.fk, .error(.gateway(.heldBack))), (.fk, .error(.gateway(.internalError)))])
        #expect(ContractFiles.accepts(answer))
        #expect(answer.count(of: "SSBT-4") == 1)
        #expect(answer.count(of: "SSBT-9") == 0)
    }

    @Test func `no other document is an answer`() throws {
        let reader = AnswerReader(contract: ContractFiles.contract)
        #expect(throws: AnswerFault.malformed) { try reader.read(Array("<a".utf8)) }
        #expect(throws: AnswerFault.againstContract) { try reader.read(QuestionDocument().bytes) }
        let fault =
            "<hamtaBastjanstInformationFault xmlns=\"\(Namespace.ssbtek)\"><felkod>1</felkod><felmeddelande/>"
            + "</hamtaBastjanstInformationFault>"
        #expect(throws: AnswerFault.againstContract) { try reader.read(Array(fault.utf8)) }
    }
}
