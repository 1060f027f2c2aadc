/// What is sent to one base service for one question.
///
/// Stage provide. XML documents have no declaration, so that an envelope can be put around them; as they are, they are
/// UTF-8, which is what a document without declaration is.
package struct ProviderRequest: Sendable, Equatable, Redacted {
    package enum MediaType: String, Sendable {
        case xml = "text/xml; charset=utf-8"
        case json = "application/json"
    }

    package let mediaType: MediaType
    package let body: [UInt8]
    /// A path to put after the base service's address, percent-encoded, for those that have the question in it.
    package let path: String?

    init(mediaType: MediaType, body: [UInt8], path: String? = nil) {
        self.mediaType = mediaType
        self.body = body
        self.path = path
    }

    /// The request in the base service's own form.
    ///
    /// `lefi` is for Försäkringskassan alone.
    package static func make(for provider: Provider, _ question: Question, lefi: LEFISettings) -> ProviderRequest {
        switch provider {
        case .af: ProviderRequest(mediaType: .xml, body: AFRequest.document(for: question))
        case .csn: ProviderRequest(mediaType: .xml, body: CSNRequest.document(for: question))
        case .fk: FKRequest.request(for: question, settings: lefi)
        case .skv: ProviderRequest(mediaType: .xml, body: SKVRequest.document(for: question))
        case .so: ProviderRequest(mediaType: .xml, body: SORequest.document(for: question))
        case .tns: ProviderRequest(mediaType: .xml, body: TNSRequest.document(for: question))
        case .miv: ProviderRequest(mediaType: .xml, body: MIVRequest.document(for: question))
        }
    }
}
