internal import SSBTEK
internal import XML

/// The faults of the simulated base services: SOAP 1.1 faults, and the fault documents that Skatteverket and
/// Migrationsverket have in their contracts.
enum SimulatedFault {
    static let envelopeNamespace = "http://schemas.xmlsoap.org/soap/envelope/"
    static let taxNamespace = "http://beskattningws.ws.service.bs.zg.rsv.se/"

    static func envelope(_ content: (inout XMLWriter) -> Void) -> [UInt8] {
        var xml = XMLWriter(capacity: 512)
        xml.declaration()
        xml.start("soap:Envelope", ["xmlns:soap": self.envelopeNamespace])
        xml.start("soap:Body")
        content(&xml)
        xml.end()
        xml.end()
        return xml.bytes
    }

    /// A SOAP 1.1 fault (section 4.4).
    static func message(code: String, text: String, detail: [UInt8]?) -> [UInt8] {
        self.envelope { xml in
            xml.start("soap:Fault")
            xml.element("faultcode", text: "soap:\(code)")
            xml.element("faultstring", text: text)
            if let detail {
                xml.start("detail")
                xml.raw(detail)
                xml.end()
            }
            xml.end()
        }
    }

    static func message(of provider: Provider) -> [UInt8] {
        self.message(code: "Server", text: "Tjänsten är tillfälligt otillgänglig", detail: self.detail(of: provider))
    }

    /// The provider's own fault document; nil for those that have none.
    static func detail(of provider: Provider) -> [UInt8]? {
        var xml = XMLWriter(capacity: 256)
        switch provider {
        case .skv:
            xml.start("skv:Exception", ["xmlns:skv": self.taxNamespace])
            xml.element("MeddelandeKod", text: "9071003")
            xml.element("MeddelandeText", text: "Uppgifter kan inte lämnas ut för tillfället")
            xml.element("Systemversion", text: "1.0")
        case .miv:
            xml.start("miv:SSBTEKSoapException", ["xmlns:miv": SimulatedMigrationAgency.namespace])
            xml.element("faultCode", text: "MIV-500")
            xml.element("faultString", text: "Uppgifter kan inte hämtas för tillfället")
        case .af, .csn, .fk, .so, .tns:
            return nil
        }
        xml.end()
        return xml.bytes
    }
}
