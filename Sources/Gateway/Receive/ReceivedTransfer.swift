/// What stage receive hands on: one HTTP request of an authenticated peer.
package struct ReceivedTransfer: Sendable {
    package let body: [UInt8]
    /// The HTTP request's content type, when it had one.
    package let contentType: String?
    /// The peer's certificate as the current snapshot accepts it.
    package let peer: CertificateIdentity

    package init(body: [UInt8], contentType: String?, peer: CertificateIdentity) {
        self.body = body
        self.contentType = contentType
        self.peer = peer
    }
}
