import SSBTEK
import Testing

/// An answer about another person than the one asked about is never data.
@Suite struct AnswerSubjectTests {
    private static let asked = QuestionDocument.person
    private static let other = "198503119821"

    /// The answer, to the usual question or another one.
    private static func section(
        _ provider: Provider, _ response: String, form: SectionForm? = nil, change: (inout Question) -> Void = { _ in }
    ) -> Section {
        var question = QuestionDocument.question
        change(&question)
        return provider.section(Array(response.utf8), form: form, to: question)
    }

    private static func passes(
        _ provider: Provider, _ response: String, form: SectionForm? = nil, change: (inout Question) -> Void = { _ in }
    ) -> Bool {
        let section = Self.section(provider, response, form: form, change: change)
        return section.outcome.data != nil && !section.isAboutAnother
    }

    private static func isRefused(
        _ provider: Provider, _ response: String, form: SectionForm? = nil, change: (inout Question) -> Void = { _ in }
    ) -> Bool {
        let section = Self.section(provider, response, form: form, change: change)
        return section == .aboutAnother && section.outcome == .error(.gateway(.answerAgainstContract))
    }

    private static func lefi(_ numbers: String..., more: String = "") -> String {
        let people = numbers.map { "{\"personnummer\":\($0)}" }.joined(separator: ",")
        return "{\"utlamnare\":[],\"formansinformation\":{\"generellPersoninformation\":[\(people)]\(more)}}"
    }

    private static func tax(_ document: String) -> String {
        "<k:BeskattningsuppgifterResponse xmlns:k=\"\(Namespace.skatteverket)\"><svar><![CDATA[\(document)]]></svar>"
            + "</k:BeskattningsuppgifterResponse>"
    }

    private static func student(_ attributes: String...) -> String {
        ProviderResponse.csn().replacing(
            "<Person personnummer=\"9908072391\" sekel=\"19\">", with: "<Person \(attributes[0])>"
        ).replacing(
            "</Personer>", with: attributes.dropFirst().map { "<Person \($0)/>" }.joined() + "</Personer>")
    }

    @Test(arguments: [Provider.af, .csn, .so])
    func `the answer to somebody else's question is refused`(provider: Provider) throws {
        let person = try PersonIdentity(Self.other)
        #expect(Self.passes(provider, ProviderResponse.text(of: provider)))
        #expect(Self.isRefused(provider, ProviderResponse.text(of: provider)) { $0.person = person })
    }

    @Test func `Arbetsförmedlingen names the person twice, and repeats the reference`() {
        let answer = ProviderResponse.af()
        let number = "<IdentitetsbeteckningFysiskPerson>\(Self.asked)<"
        let parts = answer.split(separator: "<Svar>").map(String.init)
        #expect(parts.count == 2)
        for changed in 0..<2 {
            var both = parts
            both[changed] = both[changed].replacing(number, with: number.replacing(Self.asked, with: Self.other))
            #expect(Self.isRefused(.af, both.joined(separator: "<Svar>")), "\(changed)")
        }
        #expect(Self.isRefused(.af, answer) { $0.caseID = "A-18" })
        #expect(Self.passes(.af, answer) { $0.caseID = " A-17\n" })
        let silent = answer.replacing("<Referensnummer>A-17<", with: "<Referensnummer><")
        #expect(Self.passes(.af, silent))
        // What Svar calls a reference may be the service's own.
        #expect(Self.passes(.af, "\(parts[0])<Svar>\(parts[1].replacing(">A-17<", with: ">AF-1<"))"))
    }

    @Test func `the unemployment funds name the person once, and may repeat the reference`() {
        let answer = ProviderResponse.so()
        #expect(Self.isRefused(.so, answer.replacing(Self.asked, with: Self.other)))
        let number = "<IdentificationNumber>\(Self.asked)</IdentificationNumber>"
        let both = answer.replacing(number, with: number + number.replacing(Self.asked, with: Self.other))
        #expect(Self.isRefused(.so, both))
        #expect(Self.passes(.so, answer.replacing("<Referensnummer/>", with: "<Referensnummer>A-17</Referensnummer>")))
        #expect(
            Self.isRefused(.so, answer.replacing("<Referensnummer/>", with: "<Referensnummer>B-1</Referensnummer>")))
    }

    @Test func `CSN names the person by century and ten digits`() {
        for same in [
            "personnummer='9908072391' sekel='19'", "sekel=' 19 ' personnummer=' 9908072391 '",
            "personnummer='990807-2391' sekel='19'", "personnummer='9908072391'", "personnummer='199908072391'",
            "personnummer='199908072391' sekel='19'", "personnummer='9908072391' sekel=' '", "sekel='19'",
            "personnummer='' sekel='19'",
        ] {
            #expect(Self.passes(.csn, Self.student(same)), "\(same)")
        }
        for other in [
            "personnummer='9908072391' sekel='20'", "personnummer='8503119821' sekel='19'",
            "personnummer='9908072392' sekel='19'", "personnummer='990807239' sekel='19'",
            "personnummer='199908072391x'", "personnummer='8503119821'",
        ] {
            #expect(Self.isRefused(.csn, Self.student(other)), "\(other)")
            #expect(Self.isRefused(.csn, Self.student("personnummer='9908072391' sekel='19'", other)), "\(other)")
        }
        #expect(Self.passes(.csn, ProviderResponse.csn(cases: "").replacing("personnummer=\"9908072391\"", with: "")))
    }

    @Test func `LEFI names the person in the general information`() {
        for same in ["\"199908072391\"", "\"9908072391\"", "\"19990807-2391\"", "9908072391", "null", "\"\""] {
            #expect(Self.passes(.fk, Self.lefi(same)), "\(same)")
        }
        for other in ["\"198503119821\"", "\"8503119821\"", "\"209908072391\"", "\"1999\"", "[]", "8503119821"] {
            #expect(Self.isRefused(.fk, Self.lefi(other)), "\(other)")
            #expect(Self.isRefused(.fk, Self.lefi("\"199908072391\"", other)), "\(other)")
        }
        #expect(Self.passes(.fk, ProviderResponse.fk))
        // Children have numbers of their own.
        let children = ",\"barnbidragsarende\":[{\"grunduppgifter\":{\"barn\":{\"personnummer\":\"201503119829\"}}}]"
        #expect(Self.passes(.fk, Self.lefi("\"199908072391\"", more: children)))
        // A second member of the same name is read as well.
        let repeated = Self.lefi("\"199908072391\",\"personnummer\":\"198503119821\"")
        #expect(Self.isRefused(.fk, repeated))
        #expect(Self.isRefused(.fk, "{\"utlamnare\":[],\"personnummer\":\"198503119821\"}"))
    }

    @Test func `Skatteverket's document names the person wherever it likes`() {
        func person(_ number: String) -> String {
            "<Person><Identitetsbeteckning>\(number)</Identitetsbeteckning></Person>"
        }
        for same in [Self.asked, "19990807-2391", "9908072391", " 199908072391 "] {
            #expect(Self.passes(.skv, Self.tax("<a>\(person(same))</a>")), "\(same)")
            #expect(Self.passes(.skv, "<a>\(person(same))</a>", form: .text), "\(same)")
        }
        for other in [Self.other, "19850311-9821", "8503119821", "850311-9821"] {
            for document in ["<a>\(person(other))</a>", "<a>\(person(Self.asked))\(person(other))</a>"] {
                #expect(Self.isRefused(.skv, Self.tax(document)), "\(document)")
                #expect(Self.isRefused(.skv, document, form: .text), "\(document)")
            }
        }
        #expect(Self.isRefused(.skv, Self.tax("<a nummer='\(Self.other)'/>")))
        #expect(Self.isRefused(.skv, Self.tax("<?xml version='1.0' encoding='UTF-16'?><a>\(person(Self.other))</a>")))
        #expect(Self.isRefused(.skv, Self.tax("Uppgifter om \(Self.other)")))
        // A spouse stands elsewhere; an amount, and an organisation, are nobody.
        #expect(Self.passes(.skv, Self.tax("<a>\(person(Self.asked))<Make><Nr>\(Self.other)</Nr></Make></a>")))
        #expect(Self.passes(.skv, Self.tax("<a><Saldo>8503119821</Saldo><Nr>165565317129</Nr></a>")))
        #expect(Self.passes(.skv, Self.tax("<Beskattningsuppgifter/>")))
    }

    @Test func `Migrationsverket names the person, and repeats the asker's identifier`() {
        func answer(_ more: String) -> String { ProviderResponse.miv(more: more) }
        for same in [Self.asked, "19990807-2391", "9908072391", "", " "] {
            #expect(Self.passes(.miv, answer("<personnummer>\(same)</personnummer>")), "\(same)")
        }
        for other in [Self.other, "8503119821", "0", "19990807-XXXX"] {
            #expect(Self.isRefused(.miv, answer("<personnummer>\(other)</personnummer>")), "\(other)")
        }
        let both = "<personnummer>\(Self.asked)</personnummer><personnummer>\(Self.other)</personnummer>"
        #expect(Self.isRefused(.miv, answer(both)))
        let echo = ProviderResponse.miv().replacing(
            "<correlationid>", with: "<korrelationsid>k-2</korrelationsid><correlationid>")
        #expect(Self.passes(.miv, echo) { $0.correlationID = "k-2" })
        #expect(Self.isRefused(.miv, echo) { $0.correlationID = "k-1" })
        #expect(Self.passes(.miv, echo) { $0.correlationID = nil })
        #expect(Self.passes(.miv, ProviderResponse.miv()) { $0.correlationID = "k-1" })
    }

    @Test func `Transportstyrelsen names nobody`() throws {
        let person = try PersonIdentity(Self.other)
        #expect(Self.passes(.tns, ProviderResponse.tns) { $0.person = person })
    }

    @Test func `a samordningsnummer is compared as any number`() throws {
        let person = try PersonIdentity("197010632391")
        for (provider, answer) in [
            (Provider.af, ProviderResponse.af()), (.so, ProviderResponse.so()), (.fk, Self.lefi("\"\(Self.asked)\"")),
        ] {
            let own = answer.replacing(Self.asked, with: person.digits)
            #expect(Self.passes(provider, own) { $0.person = person })
            // The same birth date without the sixty.
            let without = answer.replacing(Self.asked, with: "197010032391")
            #expect(Self.isRefused(provider, without) { $0.person = person })
        }
    }

    @Test func `an error about somebody else is not told`() {
        func lefi(_ message: String) -> String { "{\"meddelande\":\"\(message)\"}" }
        #expect(Self.isRefused(.fk, lefi("Okänd: \(Self.other).")))
        #expect(Self.isRefused(.fk, lefi("Okänd: 850311-9821.")))
        for message in ["Okänd: \(Self.asked).", "Okänd: 990807-2391 (850311-9821)", "Fel 8503119821", "2025-01-31"] {
            let section = Self.section(.fk, lefi(message))
            #expect(section.outcome == .error(ProviderError(source: .bt, code: "LEFI", messages: [message])))
            #expect(!section.isAboutAnother)
        }
    }

    @Test func `what a refusal says names nobody`() {
        let section = Self.section(.so, ProviderResponse.so().replacing(Self.asked, with: Self.other))
        #expect(!"\(section)".contains(Self.other) && !"\(section)".contains(Self.asked))
    }
}
