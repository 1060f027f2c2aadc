extension TrustSnapshot {
    /// Whether there is a key to seal the audit record with at this moment.
    package func canSealRecords(at instant: Int64) -> Bool { self.parts.own.recordSigner.current(at: instant) != nil }

    /// Whether the set holds any key to seal the audit record with, be it one that has run out.
    package var hasRecordKeys: Bool { !self.parts.own.recordSigner.all.isEmpty }

    /// A detached signature over a seal of the audit record, DER; nil when the set holds no key that is valid then.
    ///
    /// With a key in a token it takes as long as the token does.
    package func recordSignature(over seal: [UInt8], at instant: Int64) throws(SigningError) -> [UInt8]? {
        try self.parts.own.recordSigner.current(at: instant).flatMap(CMSSigner.init)?.signature(over: seal)
    }

    /// Without revocation: seals are years old when they are checked, and whom nobody trusts any more has no anchor.
    package static func recordPolicy(_ policy: TrustPolicy = TrustPolicy()) -> TrustPolicy {
        var policy = policy
        policy.requiresRevocation = false
        return policy
    }
}
