package import Observability

extension LogKeys {
    /// Address or path of a list, or of a responder.
    package static let address = "revocation.address"
}

extension MetricNames {
    /// Counter, by result (`adopted`, `unchanged`, `refused`): fetches.
    package static let revocationFetches = "shs.revocation.fetches"
}
