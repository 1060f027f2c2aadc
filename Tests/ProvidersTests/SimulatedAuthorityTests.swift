import Providers
import SSBTEK
import Testing

@Suite struct SimulatedAuthorityTests {
    @Test(arguments: Provider.allCases)
    func `the sections of a thousand people keep the contract`(provider: Provider) async throws {
        var findings: [String: Int] = [:]
        for index in 0..<1_000 {
            if index % 10 == 0 { await Task.yield() }
            let question = try TestFixtures.question(about: TestFixtures.digits(index))
            let outcome = TestFixtures.outcome(question, provider, soap: index % 2 == 1 && provider != .fk)
            guard case .data = outcome else {
                Issue.record("no data for person \(index): \(outcome)")
                continue
            }
            guard index % 4 == 0 else { continue }
            guard case .data(let finding) = try TestFixtures.finding(outcome, provider) else { continue }
            findings["\(finding)".prefix { $0.isLetter }.description, default: 0] += 1
        }
        // People with data, and people without.
        #expect(findings["hits", default: 0] > 20)
        #expect(findings["noHits", default: 0] > 20)
    }

    @Test(arguments: Provider.allCases)
    func `the same question gets the same bytes`(provider: Provider) throws {
        let question = try TestFixtures.question()
        #expect(TestFixtures.outcome(question, provider) == TestFixtures.outcome(question, provider))
    }

    @Test func `other people get other data`() throws {
        let outcomes = try (0..<50).map {
            TestFixtures.outcome(try TestFixtures.question(about: TestFixtures.digits($0)), .fk)
        }
        #expect((1..<50).allSatisfy { outcomes[$0] != outcomes[0] })
    }

    @Test(arguments: Provider.allCases)
    func `the person with much data has hits everywhere`(provider: Provider) throws {
        let outcome = TestFixtures.outcome(try TestFixtures.question(), provider)
        #expect(try TestFixtures.finding(outcome, provider) == .data(.hits))
    }

    @Test(arguments: Provider.allCases)
    func `the person without data has no hits anywhere`(provider: Provider) throws {
        let outcome = TestFixtures.outcome(try TestFixtures.question(about: "199107179831"), provider)
        #expect(try TestFixtures.finding(outcome, provider) == .data(.noHits))
    }

    @Test(arguments: [
        ("198812129891", Provider.so, AnswerSection.data(.incomplete(hits: true))),
        ("197208199898", .tns, .data(.refused(code: "1002"))),
        ("199506069906", .fk, .data(.incomplete(hits: true))),
        ("199302759882", .miv, .data(.hits)), ("199302759882", .csn, .data(.noHits)),
        ("194806309862", .fk, .data(.hits)), ("200702289927", .csn, .data(.hits)),
    ])
    func `a test person shows what the table says`(digits: String, provider: Provider, section: AnswerSection) throws {
        let outcome = TestFixtures.outcome(try TestFixtures.question(about: digits), provider)
        #expect(try TestFixtures.finding(outcome, provider) == section)
    }

    @Test func `test persons have valid numbers and the birth number of test numbers`() throws {
        for person in SimulatedTestPerson.all {
            #expect(throws: Never.self) { try PersonIdentity(person.digits) }
            let birthNumber = try #require(Int(person.digits.dropFirst(8).prefix(3)))
            #expect((980...999).contains(birthNumber))
            let isWoman = try #require(SimulatedPerson(digits: person.digits)).isWoman
            #expect(isWoman == (birthNumber % 2 == 0))
        }
        #expect(Set(SimulatedTestPerson.all.map(\.digits)).count == SimulatedTestPerson.all.count)
    }

    @Test func `a protected person is marked by the three who mark and named by none`() throws {
        let question = try TestFixtures.question(about: "197709239847")
        let employment = try Self.text(TestFixtures.outcome(question, .af))
        #expect(employment.contains("Sekretessmarkering>true<"))
        #expect(!employment.contains("Sjöström"))
        let study = try Self.content(TestFixtures.outcome(question, .csn), of: "svar")
        #expect(study.contains("sekretess=\"S\""))
        let insurance = try Self.content(TestFixtures.outcome(question, .fk), of: "lefiJsonSvar")
        #expect(insurance.contains("\"skyddad\":true"))
        #expect(!insurance.contains("Sjöström") && !insurance.contains("adress"))
    }

    @Test func `CSN's document comes out of the base64 as it was`() throws {
        let text = try Self.content(TestFixtures.outcome(try TestFixtures.question(), .csn), of: "svar")
        #expect(text.hasPrefix("<?xml"))
        #expect(text.contains("personnummer=\"8503119821\"") && text.contains("sekel=\"19\""))
        #expect(text.contains("Studiestartsstöd"))
    }

    @Test func `Skatteverket's document is the same in both forms`() throws {
        let question = try TestFixtures.question()
        let inline = try Self.text(TestFixtures.outcome(question, .skv, form: .xmlInline))
        let text = try Self.text(TestFixtures.outcome(question, .skv, form: .text))
        #expect(inline.contains("&lt;Beskattningsuppgifter"))
        #expect(Self.between(inline, "<svar>", "</svar>") == Self.between(text, "<svar>", "</svar>"))
    }

    @Test func `dates follow the period of the question`() throws {
        let question = try TestFixtures.question(from: "2019-02-01", to: "2019-03-31")
        let funds = try Self.text(TestFixtures.outcome(question, .so))
        #expect(funds.contains("AvserFrom>2019-02-01<") && funds.contains("AvserTom>2019-02-28<"))
    }

    private static func text(_ outcome: SectionOutcome) throws -> String {
        guard case .data(let bytes) = outcome else { throw NoData() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func content(_ outcome: SectionOutcome, of element: String) throws -> String {
        let text = try self.text(outcome)
        let encoded = try #require(self.between(text, "<s:\(element)>", "</s:\(element)>"))
        return String(decoding: try #require(Base64.decode(encoded.utf8)), as: UTF8.self)
    }

    private static func between(_ text: String, _ start: String, _ end: String) -> String? {
        guard let from = text.firstRange(of: start), let to = text.firstRange(of: end) else { return nil }
        return String(text[from.upperBound..<to.lowerBound])
    }

    private struct NoData: Error {}
}
