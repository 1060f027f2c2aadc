package import SSBTEK
internal import XML

/// One of the seven base services, simulated: from the bytes of a request to the bytes of an answer, without a network.
package struct SimulatedAuthority: Sendable {
    package let provider: Provider
    /// Whether requests and answers are SOAP 1.1 messages; LEFI's never are.
    package let usesSOAP: Bool
    /// In which of its forms Skatteverket answers: a response element with the document as text in it, or the document.
    private let form: SectionForm

    package init(_ provider: Provider, usesSOAP: Bool = false, form: SectionForm? = nil) {
        self.provider = provider
        self.usesSOAP = usesSOAP && provider != .fk
        self.form = form ?? provider.sectionForms[0]
    }

    /// What the service answers when it is well.
    package func answer(path: String, body: [UInt8]) -> SimulatedReply {
        if self.provider == .fk {
            let reply = SimulatedSocialInsurance.reply(path: path, body: body)
            return .json(reply.body, status: reply.status)
        }
        guard let question = SimulatedQuestion(body, to: self.provider),
            let person = SimulatedPerson(digits: question.digits)
        else { return self.refusal }
        if self.provider == .skv, person.has(.taxFault) { return self.fault }
        return self.wrapped(self.content(question, person))
    }

    /// The person that a request is about, for decisions about behaviour; empty when the request cannot be read.
    package func digits(of body: [UInt8]) -> String {
        if self.provider == .fk { return LEFIRequest(body)?.digits ?? "" }
        return SimulatedQuestion(body, to: self.provider)?.digits ?? ""
    }

    private func content(_ question: SimulatedQuestion, _ person: SimulatedPerson) -> [UInt8] {
        switch self.provider {
        case .af: SimulatedEmploymentService.answer(to: question, about: person)
        case .csn: SimulatedStudySupport.answer(to: question, about: person)
        case .fk: []
        case .skv:
            self.form == .text
                ? SimulatedTaxAgency.document(for: question, about: person)
                : SimulatedTaxAgency.answer(to: question, about: person)
        case .so: SimulatedUnemploymentFunds.answer(to: question, about: person)
        case .tns: SimulatedTransportAgency.answer(about: person)
        case .miv: SimulatedMigrationAgency.answer(to: question, about: person)
        }
    }

    private func wrapped(_ content: [UInt8]) -> SimulatedReply {
        self.usesSOAP
            ? .xml(SimulatedFault.envelope { $0.raw(transcodeToUTF8(content) ?? content) }) : .xml(content)
    }
}

extension SimulatedAuthority {
    /// The service's own fault, in the form that it has for faults.
    package var fault: SimulatedReply {
        if self.provider == .fk {
            let reply = SimulatedSocialInsurance.failure(500, "Internt fel.")
            return .json(reply.body, status: reply.status)
        }
        if self.usesSOAP { return .xml(SimulatedFault.message(of: self.provider), status: 500) }
        return SimulatedFault.detail(of: self.provider).map { .xml($0, status: 500) }
            ?? .text("Tjänsten är tillfälligt otillgänglig", status: 503)
    }

    /// The answer to a request that the service does not understand.
    package var refusal: SimulatedReply {
        if self.usesSOAP {
            return .xml(
                SimulatedFault.message(code: "Client", text: "Begäran följer inte tjänstens kontrakt", detail: nil),
                status: 500)
        }
        return .text("Begäran följer inte tjänstens kontrakt", status: 400)
    }

    /// Something that is no answer.
    package func garbage(_ kind: SimulatedGarbage, path: String, body: [UInt8]) -> SimulatedReply {
        switch kind {
        case .cut:
            var reply = self.answer(path: path, body: body)
            reply.status = 200
            reply.body.removeLast(max(1, reply.body.count / 2))
            return reply
        case .wrong:
            if self.provider == .fk { return .json(Array("[{\"fel\":true}]".utf8)) }
            return self.usesSOAP
                ? .xml(SimulatedFault.envelope { $0.empty("annat", ["xmlns": "urn:annat"]) })
                : .xml(Array("<annat xmlns=\"urn:annat\"><kontrakt/></annat>".utf8))
        case .html:
            let page =
                "<!DOCTYPE html><html><head><title>502</title></head><body><h1>Bad Gateway</h1><hr></body></html>"
            return SimulatedReply(contentType: "text/html", body: Array(page.utf8))
        }
    }
}
