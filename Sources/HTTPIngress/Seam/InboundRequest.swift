/// One SHS request as it came off a mutually authenticated connection, complete and within all limits.
package struct InboundRequest: Sendable {
    /// The body exactly as received, transfer coding removed.
    package let body: [UInt8]
    /// The field `Content-Type` as received; it decides how the body is read.
    package let contentType: String?
    /// The client certificate (DER), accepted for this request by ``TransportCredentials/acceptsClient(_:)``.
    package let peer: [UInt8]
    /// All certificates that the client presented (DER), its own first.
    package let peerChain: [[UInt8]]
    /// What ``RequestAdmitting`` gave for it.
    package let permit: (any RequestPermit)?

    package init(
        body: [UInt8], contentType: String?, peer: [UInt8], peerChain: [[UInt8]], permit: (any RequestPermit)? = nil
    ) {
        self.body = body
        self.contentType = contentType
        self.peer = peer
        self.peerChain = peerChain
        self.permit = permit
    }
}
