package import Observability

extension LogKeys {
    /// Subject of an authority.
    package static let issuer = "revocation.issuer"
    /// Address or path of a list, or of a responder.
    package static let address = "revocation.address"
    /// `fresh`, `grace`, `stale` or `missing`.
    package static let revocationStage = "revocation.stage"
}

extension MetricNames {
    /// Gauge, by stage: issuers whose lists are in it.
    package static let revocationIssuers = "shs.revocation.issuers"
    /// Gauge: seconds until the first list runs out; negative afterwards.
    package static let revocationSecondsLeft = "shs.revocation.seconds_left"
    /// Counter, by result (`adopted`, `unchanged`, `refused`): fetches.
    package static let revocationFetches = "shs.revocation.fetches"
}
