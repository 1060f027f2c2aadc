package import XML

/// Recognises what a base service sends when it says no: its own error documents, and bare HTTP statuses.
package enum ProviderRefusal {
    /// The error that a document is about, or nil when it is none of the known error documents.
    static func read(_ document: XMLDocument, from provider: Provider) -> ProviderError? {
        switch provider {
        case .skv, .miv: self.fault(document.outline(levels: 1))
        case .af, .csn, .fk, .so, .tns: nil
        }
    }

    /// The error for a response whose HTTP status is not 2xx: what the body says, else the status.
    package static func status(
        _ status: Int, body: [UInt8], from provider: Provider, options: XMLReadingOptions = XMLReadingOptions()
    ) -> ProviderError {
        if provider == .fk, let object = JSONReader.read(body, refusingRepeatedNames: false),
            let refusal = self.read(object, status: status)
        {
            return refusal
        }
        if let fault = SOAPEnvelope.fault(in: body, options: options) { return fault }
        return (try? XMLDocument(parsing: body, options: options)).flatMap { self.read($0, from: provider) }
            ?? ProviderError(
                source: .bt, code: "HTTP-\(status)", messages: ["Bastjänsten svarade med HTTP-status \(status)."])
    }

    /// Skatteverket's `Exception` and Migrationsverket's `SSBTEKSoapException`, bare or in the detail of a SOAP fault.
    static func fault(_ element: XMLElement) -> ProviderError? {
        switch (element.name, element.namespace) {
        case ("Exception", Namespace.skatteverket):
            self.error(code: element.textOfChild("MeddelandeKod"), message: element.textOfChild("MeddelandeText"))
        case ("SSBTEKSoapException", Namespace.migrationsverket):
            self.error(code: element.textOfChild("faultCode"), message: element.textOfChild("faultString"))
        default: nil
        }
    }

    /// LEFI's error object, `{"meddelande": …, "timestamp": …}`.
    static func read(_ object: JSONValue, status: Int?) -> ProviderError? {
        guard object["utlamnare"] == nil, let message = object["meddelande"]?.string else { return nil }
        return self.error(code: status.map { "HTTP-\($0)" } ?? "LEFI", message: message)
    }

    private static func error(code: String, message: String) -> ProviderError {
        ProviderError(source: .bt, code: code.isEmpty ? "BT" : code, messages: message.isEmpty ? [] : [message])
    }
}
