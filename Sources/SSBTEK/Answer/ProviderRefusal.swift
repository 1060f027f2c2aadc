package import XML

/// Recognises what a base service sends when it says no: its own error documents, and bare HTTP statuses.
package enum ProviderRefusal {
    /// The error that a response body is about, or nil when it is none of the known error documents.
    package static func read(
        _ body: [UInt8], from provider: Provider, options: XMLReadingOptions = XMLReadingOptions()
    ) -> ProviderError? {
        switch provider {
        case .fk: self.lefi(body, status: nil)
        case .skv, .miv:
            (try? XMLDocument(parsing: body, options: options)).flatMap { self.fault($0.root) }
        case .af, .csn, .so, .tns: nil
        }
    }

    /// The error for a response whose HTTP status is not 2xx: what the body says, else the status.
    package static func status(
        _ status: Int, body: [UInt8], from provider: Provider, options: XMLReadingOptions = XMLReadingOptions()
    ) -> ProviderError {
        if provider == .fk, let refusal = self.lefi(body, status: status) { return refusal }
        if let fault = SOAPEnvelope.fault(in: body, options: options) { return fault }
        return self.read(body, from: provider, options: options)
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
    private static func lefi(_ body: [UInt8], status: Int?) -> ProviderError? {
        guard let object = JSONReader.read(body, refusingRepeatedNames: false), object["utlamnare"] == nil,
            let message = object["meddelande"]?.string
        else { return nil }
        return self.error(code: status.map { "HTTP-\($0)" } ?? "LEFI", message: message)
    }

    private static func error(code: String, message: String) -> ProviderError {
        ProviderError(source: .bt, code: code.isEmpty ? "BT" : code, messages: message.isEmpty ? [] : [message])
    }
}
