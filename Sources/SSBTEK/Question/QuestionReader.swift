package import XML

/// Reads a data part as a question: first the schema, then what a schema cannot say.
///
/// Stage read. Reading the same bytes again gives the same question.
package struct QuestionReader: Sendable {
    private let contract: Contract
    private let checksOrganisationDigit: Bool
    private let options: XMLReadingOptions

    /// `checksOrganisationDigit` is off by default: the test numbers in use fail the check.
    package init(
        contract: Contract, checksOrganisationDigit: Bool = false,
        options: XMLReadingOptions = XMLReadingOptions(maximumBytes: 1 << 20, maximumDepth: 32, maximumElements: 5000)
    ) {
        self.contract = contract
        self.checksOrganisationDigit = checksOrganisationDigit
        self.options = options
    }

    /// The question, or the reason why it is none.
    package func read(_ bytes: [UInt8]) throws(QuestionFault) -> Question {
        let document = try self.parse(bytes)
        guard self.contract.accepts(document) else { throw .questionAgainstContract }
        return try self.question(document)
    }

    /// The same question again from bytes that ``read(_:)`` has accepted, for a third of the time: all checks but the
    /// schema's, so that a worker need not do again what the ingress has done for all seven.
    package func readAgain(_ bytes: [UInt8]) throws(QuestionFault) -> Question {
        try self.question(self.parse(bytes))
    }

    private func question(_ document: XMLDocument) throws(QuestionFault) -> Question {
        let root = document.root
        // The schema knows other documents too, answers among them.
        guard root.name == "hamtaBastjanstInformation", root.namespace == Namespace.ssbtek,
            let general = root.first(named: "generellaFrageparametrar"),
            let specific = root.first(named: "specifikaFrageparametrar")
        else { throw .questionAgainstContract }
        let person = try self.person(in: general)
        var question = Question(
            askedAt: general.first(named: "frageTidpunkt").map { $0.collapsedText },
            correlationID: general.first(named: "korrelationsid")?.text,
            applicant: try self.applicant(in: general), person: person, caseID: general.textOfChild("arendeidentitet"),
            period: try self.period(in: general), processors: try self.processors(in: general),
            purpose: general.textOfChild("syfte"), legalText: general.textOfChild("lagtext"), included: [])
        for provider in Provider.allCases {
            guard let section = specific.first(named: provider.rawValue),
                Self.isTrue(section.attribute("inkludera") ?? "")
            else { continue }
            question.included.append(provider)
            if section.first(named: "tidsperiod") != nil { question.periods[provider] = try self.period(in: section) }
            if let inner = section.first(named: "fraga") {
                question.lefi = try LEFIQuestionReader.read(inner, about: person)
            }
        }
        guard !question.included.isEmpty else { throw .noProviderIncluded }
        if Self.isTrue(general.textOfChild("fraganSkallInkluderasISvaret")) {
            guard let content = XMLContent.innerContent(of: document.bytes, path: [root.name]) else {
                throw .questionMalformed
            }
            question.echoContent = EmbeddedContent.element("fraga", around: content)
        }
        return question
    }

    private func parse(_ bytes: [UInt8]) throws(QuestionFault) -> XMLDocument {
        do throws(XMLParsingError) {
            return try XMLDocument(parsing: bytes, options: self.options)
        } catch {
            throw error.reason == .documentTypeForbidden ? .documentTypeForbidden : .questionMalformed
        }
    }

    private func person(in general: XMLElement) throws(QuestionFault) -> PersonIdentity {
        do throws(IdentityNumberError) {
            return try PersonIdentity(general.textOfChild("personidentitet"))
        } catch {
            throw .invalidIdentityNumber
        }
    }

    private func applicant(in general: XMLElement) throws(QuestionFault) -> Applicant {
        guard let element = general.first(named: "ingivare") else { throw .questionAgainstContract }
        return Applicant(
            organisationNumber: try self.organisationNumber(in: element), name: element.textOfChild("namn"),
            caseWorker: element.textOfChild("handlaggare"))
    }

    private func processors(in general: XMLElement) throws(QuestionFault) -> [Processor] {
        var result: [Processor] = []
        for element in general.children(named: "personuppgiftsbitrade") {
            let order = element.first(named: "ordningsnummer").flatMap { Int($0.collapsedText) }
            result.append(
                Processor(
                    order: order, organisationNumber: try self.organisationNumber(in: element),
                    name: element.textOfChild("namn")))
        }
        return result
    }

    /// The pattern lets digits of all scripts through; those are refused here as no number of ours.
    private func organisationNumber(in element: XMLElement) throws(QuestionFault) -> OrganisationNumber {
        do throws(IdentityNumberError) {
            return try OrganisationNumber(
                asInContract: element.textOfChild("organisationsnummer"), checksDigit: self.checksOrganisationDigit)
        } catch {
            throw .invalidIdentityNumber
        }
    }

    private func period(in element: XMLElement) throws(QuestionFault) -> Period {
        guard let element = element.first(named: "tidsperiod"),
            let period = Period(from: element.textOfChild("fromDatum"), to: element.textOfChild("tomDatum"))
        else { throw .questionAgainstContract }
        return period
    }

    /// `xs:boolean`; an empty element has the schema's default, which is no.
    private static func isTrue(_ text: String) -> Bool {
        let text = XMLElement.collapse(text)
        return text == "true" || text == "1"
    }
}

extension XMLElement {
    /// The text of the first child with a name, empty when there is none.
    func textOfChild(_ name: String) -> String {
        self.first(named: name)?.text ?? ""
    }

    /// The text as types with collapsed white space have it.
    var collapsedText: String { Self.collapse(self.text) }

    /// Without white space at the ends; none of the types read here has any inside.
    static func collapse(_ text: String) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        let bytes = text.utf8.drop(while: isSpace)
        guard let end = bytes.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(text[bytes.startIndex...end])
    }
}
