/// Decides about a request by its client alone, before its body is read: what is refused here costs next to nothing.
package protocol RequestAdmitting: Sendable {
    /// Called on the connection's event loop for every request; must not block.
    ///
    /// - Parameter client: the certificates (DER) that the client presented and that are accepted, its own first.
    func admit(_ client: [[UInt8]]) -> RequestAdmittance
}

/// What ``RequestAdmitting`` says.
package enum RequestAdmittance: Sendable {
    /// The permit travels with the request; what it stands for ends when nobody holds it any more.
    case admitted((any RequestPermit)?)
    /// Too many requests; nil says what is configured.
    case refused(retryAfter: Duration?)
}

/// The right of one request to be in flight; given back in `deinit`.
package protocol RequestPermit: AnyObject, Sendable {}

/// Everybody may come.
package struct EverybodyAdmitted: RequestAdmitting {
    package init() {}

    package func admit(_ client: [[UInt8]]) -> RequestAdmittance { .admitted(nil) }
}
