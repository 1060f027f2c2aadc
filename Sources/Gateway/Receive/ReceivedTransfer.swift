/// What stage receive hands on: one HTTP request of an authenticated peer, and the trust that it is judged by.
package struct ReceivedTransfer: Sendable {
    package let body: [UInt8]
    /// The HTTP request's content type, when it had one.
    package let contentType: String?
    /// The peer's certificate as ``trust`` accepts it.
    package let peer: CertificateIdentity
    /// One snapshot for the whole request: peer, signature and parties are judged by the same.
    package let trust: any MessageVerifying
    /// The right to be in flight; nil where nothing is limited.
    package let permit: AdmissionPermit?

    package init(
        body: [UInt8], contentType: String?, peer: CertificateIdentity, trust: any MessageVerifying,
        permit: AdmissionPermit? = nil
    ) {
        self.body = body
        self.contentType = contentType
        self.peer = peer
        self.trust = trust
        self.permit = permit
    }
}
