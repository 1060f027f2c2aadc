/// How a base service's answer becomes its section.
package enum SectionForm: String, CaseIterable, Codable, Sendable {
    /// The content of the answer's document element, as it is.
    case xmlInline = "xml"
    /// The whole answer as base64 in `svar`; Försäkringskassan's, which is JSON, in `lefiJsonSvar`.
    case base64 = "base64"
    /// The whole answer, an XML document, as text in `svar` (in no namespace).
    case text = "text"
}

extension Provider {
    /// The forms that the contract has room for, the usual one first.
    package var sectionForms: [SectionForm] {
        switch self {
        case .af, .so, .tns, .miv: [.xmlInline]
        case .csn, .fk: [.base64]
        case .skv: [.xmlInline, .text]
        }
    }

    /// The document element of an answer that is put in as it is; nil where the answer is carried in base64.
    var responseRoot: (name: String, namespace: String)? {
        switch self {
        case .af: ("SvarMeddelande", Namespace.arbetsformedlingen)
        case .skv: ("BeskattningsuppgifterResponse", Namespace.skatteverket)
        case .so: ("GetUnemploymentBenefitPaymentResponse", Namespace.samorganisation)
        case .tns: ("HamtaUppgifterResponse", Namespace.transportstyrelsen)
        case .miv: ("findByPersonnummerResponse", Namespace.migrationsverket)
        case .csn, .fk: nil
        }
    }

    /// The namespaces of CSN's own documents all begin so.
    static let csnNamespacePrefix = "http://schema.csn.se/"
}
