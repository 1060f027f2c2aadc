import SSBTEK
import Testing

@Suite struct QuestionReaderTests {
    @Test func `a question is read with all it says`() throws {
        var document = QuestionDocument()
        document.processors =
            "<s:personuppgiftsbitrade><s:ordningsnummer>2</s:ordningsnummer><s:organisationsnummer>165565317129"
            + "</s:organisationsnummer><s:namn>Bolaget</s:namn></s:personuppgiftsbitrade>"
        let question = try document.read()
        #expect(question.askedAt == "2025-02-03T10:11:12.5+01:00")
        #expect(question.correlationID == "korr & 1")
        #expect(question.applicant.organisationNumber.twelveDigits == "162120002411")
        #expect(question.applicant.name == "Testköping")
        #expect(question.applicant.caseWorker == "Åsa <Öst>")
        #expect(question.person.digits == QuestionDocument.person)
        #expect(question.caseID == "A-17")
        #expect(question.period == Period(from: "2025-01-01", to: "2025-01-31"))
        #expect(question.processors.map(\.order) == [2])
        #expect(question.processors.map(\.organisationNumber.tenDigits) == ["5565317129"])
        #expect(question.purpose == "Ekonomiskt bistånd")
        #expect(question.legalText == "4 kap. SoL")
        #expect(question.included == Provider.allCases)
        #expect(question.periods.isEmpty)
        #expect(question.lefi == nil)
        #expect(!question.echo)
    }

    @Test func `only those that are asked are included in the contract's order`() throws {
        var document = QuestionDocument()
        document.included = [.miv, .csn]
        #expect(try document.read().included == [.csn, .miv])
        document.included = []
        #expect(document.fault() == .noProviderIncluded)
    }

    @Test func `a boolean may be written in all ways of the schema`() throws {
        let document = QuestionDocument().text.replacing("<s:AF inkludera=\"true\">", with: "<s:AF inkludera=\" 1 \">")
            .replacing("<s:CSN inkludera=\"true\">", with: "<s:CSN inkludera=\"0\">")
        let reader = QuestionReader(contract: ContractFiles.contract)
        #expect(try reader.read(Array(document.utf8)).included == Provider.allCases.filter { $0 != .csn })
    }

    @Test func `a base service's own period counts for it alone`() throws {
        var document = QuestionDocument()
        document.periods[.so] =
            "<s:tidsperiod><s:fromDatum>2024-12-01Z</s:fromDatum><s:tomDatum>2024-12-31</s:tomDatum></s:tidsperiod>"
        let question = try document.read()
        #expect(question.period(for: .so) == Period(from: "2024-12-01", to: "2024-12-31"))
        #expect(question.period(for: .af) == question.period)
    }

    @Test func `a period that ends before it begins is against the contract`() {
        var document = QuestionDocument()
        document.period =
            "<s:tidsperiod><s:fromDatum>2025-02-01</s:fromDatum><s:tomDatum>2025-01-31</s:tomDatum></s:tidsperiod>"
        #expect(document.fault() == .questionAgainstContract)
        document.periods[.tns] = document.period
        document.period = QuestionDocument.period
        #expect(document.fault() == .questionAgainstContract)
        // What is not asked is not looked at.
        document.included = [.af]
        #expect(document.fault() == nil)
    }

    @Test(arguments: ["199908072392", "199913072391", "160000000000", "212000241100", "000000000000"])
    func `a person's number that is not valid has its own fault`(number: String) {
        var document = QuestionDocument()
        document.person = number
        #expect(document.fault() == .invalidIdentityNumber)
    }

    @Test(arguments: ["", "9908072391", "19990807-2391", "19990807239x", "1999080723911", "19990807239١"])
    func `a person's number of another form is against the contract`(number: String) {
        var document = QuestionDocument()
        document.person = number
        #expect(document.fault() == .questionAgainstContract)
    }

    @Test func `a samordningsnummer with day 60 is a person's number`() throws {
        var document = QuestionDocument()
        document.person = "19" + IdentityNumberTests.withCheckDigit("700060123")
        #expect(try document.read().person.kind == .samordningsnummer)
    }

    @Test func `the asker's check digit is checked where the setting says so`() {
        var document = QuestionDocument()
        document.organisationNumber = "162120002412"
        #expect(document.fault() == nil)
        #expect(document.fault(checksOrganisationDigit: true) == .invalidIdentityNumber)
        document.organisationNumber = " 162120002411 "
        #expect(document.fault(checksOrganisationDigit: true) == nil)
        document.organisationNumber = "162110002411"
        #expect(document.fault() == .questionAgainstContract)
        // The pattern of the contract takes digits of every script.
        document.organisationNumber = "1٦2120002411"
        #expect(document.fault() == .invalidIdentityNumber)
    }

    @Test func `another namespace and another document of the contract are no questions`() {
        let reader = QuestionReader(contract: ContractFiles.contract)
        let later = QuestionDocument().text.replacing("ssbt/10", with: "ssbt/11")
        #expect(throws: QuestionFault.questionAgainstContract) { try reader.read(Array(later.utf8)) }
        let test = "<testaBastjanstInformation xmlns=\"\(Namespace.ssbtek)\"/>"
        #expect(ContractFiles.accepts(test))
        #expect(throws: QuestionFault.questionAgainstContract) { try reader.read(Array(test.utf8)) }
        let answer = AnswerWriter.answer(askedAt: nil, correlationID: nil, echo: nil, sections: [])
        #expect(ContractFiles.accepts(answer))
        #expect(throws: QuestionFault.questionAgainstContract) { try reader.read(answer) }
    }

    @Test func `a question may come in other encodings`() throws {
        let reader = QuestionReader(contract: ContractFiles.contract)
        let text = QuestionDocument().text
        let latin = text.replacing("UTF-8", with: "ISO-8859-1").unicodeScalars.map { UInt8($0.value) }
        let utf16 = text.replacing("UTF-8", with: "UTF-16").utf16BigEndian
        let question = try reader.read(Array(text.utf8))
        #expect(try reader.read(latin) == question)
        #expect(try reader.read(utf16) == question)
    }

    @Test func `a fault has the name that the gateway's list has`() {
        #expect(
            Set(QuestionFault.allCases.map(\.rawValue)) == [
                "question-malformed", "document-type-forbidden", "question-against-contract", "invalid-identity-number",
                "question-about-another-person", "no-provider-included",
            ])
    }

    @Test func `printing a question shows nothing of it`() throws {
        var document = QuestionDocument()
        document.lefi = QuestionDocument.lefi(json: #"{"personnummer":"199908072391"}"#)
        document.echo = "<s:fraganSkallInkluderasISvaret>true</s:fraganSkallInkluderasISvaret>"
        let question = try document.read()
        var dumped = ""
        dump(question, to: &dumped)
        dump(question.applicant, to: &dumped)
        dump(question.lefi as Any, to: &dumped)
        let printed =
            "\(question) \(question.applicant) \(question.lefi as Any) \(String(reflecting: question))" + dumped
        for secret in ["9908", "Test", "Öst", "A-17", "9255f428", "korr"] { #expect(!printed.contains(secret)) }
        #expect("\(question)" == "<redacted Question to AF CSN FK SKV SO TNS MIV>")
    }
}
