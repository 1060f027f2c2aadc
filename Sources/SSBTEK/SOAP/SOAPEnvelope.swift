package import XML

/// The envelope of SOAP 1.1 (W3C Note 2000-05-08): put around a request, taken off a response.
package enum SOAPEnvelope {
    /// The envelope around one element, which must not have an XML declaration.
    package static func wrap(_ body: [UInt8]) -> [UInt8] {
        var writer = XMLWriter(capacity: body.count + 256)
        writer.declaration()
        writer.start("soap:Envelope", ["xmlns:soap": Namespace.soapEnvelope])
        writer.start("soap:Body")
        writer.raw(body)
        writer.end()
        writer.end()
        return writer.bytes
    }

    /// The one element of a response's body as a document of its own, in UTF-8.
    ///
    /// Its bytes are unchanged but for the namespace declarations that the envelope had made for it. Throws the base
    /// service's own error when the body is a fault, and `SSBT-3` when this is no SOAP 1.1 envelope around exactly one
    /// element.
    package static func unwrap(
        _ response: [UInt8], options: XMLReadingOptions = XMLReadingOptions()
    ) throws(ProviderError) -> [UInt8] {
        guard let document = try? XMLDocument(parsing: response, options: options),
            let payload = self.payload(of: document.root)
        else { throw .gateway(.answerAgainstContract) }
        if let fault = SOAPFault.read(payload) { throw fault }
        guard let content = XMLContent.innerContent(of: document.bytes, path: ["Envelope", "Body", "*"]) else {
            throw .gateway(.answerAgainstContract)
        }
        return StandaloneElement.document(content)
    }

    /// The fault in a response, nil when it is none.
    static func fault(in response: [UInt8], options: XMLReadingOptions) -> ProviderError? {
        (try? XMLDocument(parsing: response, options: options)).flatMap { self.payload(of: $0.root) }
            .flatMap { SOAPFault.read($0) }
    }

    /// The only element in the only body.
    private static func payload(of root: XMLElement) -> XMLElement? {
        guard root.name == "Envelope", root.namespace == Namespace.soapEnvelope else { return nil }
        let bodies = root.children(named: "Body")
        guard bodies.count == 1, bodies[0].namespace == Namespace.soapEnvelope, bodies[0].children.count == 1 else {
            return nil
        }
        return bodies[0].children[0]
    }
}
