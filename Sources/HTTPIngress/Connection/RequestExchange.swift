/// Where a connection is between two requests: what the next part of a request, or a response, means.
enum RequestExchange {
    /// The next part is a header.
    case none
    /// The header was accepted, the body arrives.
    case receiving(RequestHead, RequestAdmission, (any RequestPermit)?)
    /// Too many requests: the body, so many bytes of it until now, is read and thrown away, so that the connection can go
    /// on after the refusal. A new handshake would cost what twenty requests do.
    case discarding(HTTPRefusal, bytes: Int)
    /// The request was refused, and the refusal is held back, since the client had sent it before the last response left.
    case pausing(HTTPRefusal, requestComplete: Bool)
    /// The handler has the request; NIO's pipeline handler keeps back whatever the client sends meanwhile.
    case handling(RequestAdmission, keepsAlive: Bool)
    /// Refused at the header, and nothing but the request's end is still to come: the connection goes on.
    case refusedBeforeEnd
    /// The last response of this connection is written or on its way; what still arrives is thrown away.
    case over(requestComplete: Bool)
}
