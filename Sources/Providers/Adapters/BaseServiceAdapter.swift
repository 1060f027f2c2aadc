package import SSBTEK
internal import XML

/// Between a question and one base service: what is sent, and what an answer means.
///
/// Stage provide. Pure, without a network. Nothing of a request or an answer leaves it but in its results.
package struct BaseServiceAdapter: Sendable {
    private let configuration: ProviderConfiguration
    private let sections: SectionBuilder
    private let options: XMLReadingOptions

    package init(_ configuration: ProviderConfiguration, contract: Contract) {
        self.configuration = configuration
        // An answer that may be received may be read; its base64 or escaped form is somewhat larger.
        self.options = XMLReadingOptions(maximumBytes: configuration.maximumResponseBytes)
        self.sections = SectionBuilder(contract: contract, options: self.options)
    }

    /// The request for one question.
    package func request(for question: Question) -> BaseServiceRequest {
        let request = ProviderRequest.make(for: self.configuration.provider, question, lefi: self.configuration.lefi)
        var headers = [("Content-Type", request.mediaType.rawValue)]
        switch request.mediaType {
        case .xml: headers.append(("Accept", "text/xml, application/xml"))
        case .json: headers.append(("Accept", "application/json"))
        }
        // RFC 9112, section 9.6: the connection is for this question alone.
        if !self.configuration.reusesConnections { headers.append(("Connection", "close")) }
        guard self.configuration.usesSOAP else {
            return BaseServiceRequest(path: request.path, headers: headers, body: request.body)
        }
        // SOAP 1.1, section 6.1.1: the field is required and its value quoted, also when empty.
        headers.append(("SOAPAction", "\"\(self.configuration.soapAction)\""))
        return BaseServiceRequest(path: request.path, headers: headers, body: SOAPEnvelope.wrap(request.body))
    }

    /// The section that a complete HTTP answer to a question gives.
    package func outcome(of response: BaseServiceResponse, to question: Question) -> SectionOutcome {
        self.section(of: response, to: question).outcome
    }

    /// The same, and whether the answer was about somebody else.
    package func section(of response: BaseServiceResponse, to question: Question) -> Section {
        let section = self.read(response, question)
        guard case .error(let error) = section.outcome, error.source == .bt,
            let code = self.configuration.errorCodes[error.code]
        else { return section }
        return Section(.error(ProviderError(source: .bt, code: code, messages: error.messages)))
    }

    private func read(_ response: BaseServiceResponse, _ question: Question) -> Section {
        let provider = self.configuration.provider
        guard (200..<300).contains(response.status) else {
            let refusal = ProviderRefusal.status(
                response.status, body: response.body, from: provider, options: self.options)
            return Section(refusal, to: question)
        }
        // Some machine in between says something to a person; a well-formed page must not pass for an answer.
        guard !response.isPage else { return Section(.error(.gateway(.answerAgainstContract))) }
        let form = self.configuration.form
        guard self.configuration.usesSOAP else {
            return self.sections.section(for: provider, from: response.body, form: form, to: question)
        }
        do throws(ProviderError) {
            let content = try SOAPEnvelope.unwrap(response.body, options: self.options)
            return self.sections.section(for: provider, from: content, form: form, to: question)
        } catch {
            return Section(error, to: question)
        }
    }
}
