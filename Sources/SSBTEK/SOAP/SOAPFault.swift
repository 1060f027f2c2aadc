internal import XML

/// Reads a fault of SOAP 1.1 (section 4.4) as the error of the base service that sent it.
///
/// The fault string goes to the asker, who has the right to see it, and nowhere else: it may quote a person.
enum SOAPFault {
    /// The error, nil when the element is no fault.
    ///
    /// A known error in the detail says more than the fault code and goes before it.
    static func read(_ element: XMLElement) -> ProviderError? {
        guard element.name == "Fault", element.namespace == Namespace.soapEnvelope else { return nil }
        let text = element.textOfChild("faultstring")
        let sentences = text.isEmpty ? [] : [text]
        for detail in element.first(named: "detail")?.children ?? [] {
            guard let known = ProviderRefusal.fault(detail) else { continue }
            let more = sentences.filter { !known.messages.contains($0) }
            return ProviderError(source: .bt, code: known.code, messages: known.messages + more)
        }
        // The prefix of the qualified name means nothing outside its document.
        let code = element.first(named: "faultcode")?.collapsedText ?? ""
        let local = code.split(separator: ":").last.map { String($0) } ?? "Fault"
        return ProviderError(source: .bt, code: local, messages: sentences)
    }
}
