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
        guard self.configuration.usesSOAP else {
            return BaseServiceRequest(path: request.path, headers: headers, body: request.body)
        }
        // SOAP 1.1, section 6.1.1: the field is required and its value quoted, also when empty.
        headers.append(("SOAPAction", "\"\(self.configuration.soapAction)\""))
        return BaseServiceRequest(path: request.path, headers: headers, body: SOAPEnvelope.wrap(request.body))
    }

    /// The section that a complete HTTP answer gives.
    package func outcome(of response: BaseServiceResponse) -> SectionOutcome {
        switch self.section(of: response) {
        case .data(let element):
            return .data(element)
        case .error(let error):
            guard error.source == .bt, let code = self.configuration.errorCodes[error.code] else {
                return .error(error)
            }
            return .error(ProviderError(source: .bt, code: code, messages: error.messages))
        }
    }

    private func section(of response: BaseServiceResponse) -> SectionOutcome {
        let provider = self.configuration.provider
        guard (200..<300).contains(response.status) else {
            return .error(
                ProviderRefusal.status(response.status, body: response.body, from: provider, options: self.options))
        }
        // Some machine in between says something to a person; a well-formed page must not pass for an answer.
        guard !response.isPage else { return .error(.gateway(.answerAgainstContract)) }
        guard self.configuration.usesSOAP else {
            return self.sections.section(for: provider, from: response.body, form: self.configuration.form)
        }
        do throws(ProviderError) {
            let content = try SOAPEnvelope.unwrap(response.body, options: self.options)
            return self.sections.section(for: provider, from: content, form: self.configuration.form)
        } catch {
            return .error(error)
        }
    }
}
