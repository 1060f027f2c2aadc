package import Trust

/// What is known about revocation at one moment: a value for the snapshot, for `status` and for metrics.
package struct RevocationState: Sendable {
    /// One issuer.
    package struct Issuer: Sendable, Hashable, Encodable {
        /// Subject, RFC 4514.
        package let subject: String
        /// The oldest of its lists decides; nil when there is none at all.
        package let stage: RevocationStage?
        /// When the first of its lists runs out; seconds since 1970 (UTC).
        package let nextUpdate: Int64?
        package let lists: Int
    }

    /// One place that is asked.
    package struct Source: Sendable, Hashable, Encodable {
        package let address: String
        /// Seconds since 1970 (UTC) of the last fetch that brought something usable, or nothing new.
        package var lastSuccess: Int64?
        /// Why the last fetch was of no use; nil when it was.
        package var failure: String?
    }

    /// An OCSP answer.
    package struct Answer: Sendable, Hashable {
        package let status: OCSPVerdict.Status
        package let thisUpdate: Int64
        package let nextUpdate: Int64
    }

    /// The lists to check with, all of them, whatever their stage.
    package let lists: [RevocationList]
    /// By fingerprint of the certificate in lower-case hexadecimal (SHA-256).
    package let answers: [String: Answer]
    package let issuers: [Issuer]
    package let sources: [Source]
    /// Seconds after its end during which something still counts.
    package let grace: Int64

    package static let empty = RevocationState(lists: [], answers: [:], issuers: [], sources: [], grace: 0)

    /// What OCSP says about a certificate; nil when nothing is known, or nothing any more.
    ///
    /// A revocation outlives its answer's end: only a newer answer takes it back.
    package func status(ofCertificate fingerprint: String, at instant: Int64) -> OCSPVerdict.Status? {
        guard let answer = self.answers[fingerprint] else { return nil }
        if answer.status == .revoked { return .revoked }
        let stage = RevocationStage.stage(nextUpdate: answer.nextUpdate, at: instant, grace: self.grace)
        return stage == .stale ? nil : answer.status
    }

    /// Whether OCSP says that the certificate is revoked.
    package func isRevoked(certificate fingerprint: String) -> Bool {
        self.answers[fingerprint]?.status == .revoked
    }
}

extension RevocationLedger {
    /// The ledger as a value.
    func state(sources: [RevocationState.Source], grace: Int64, at instant: Int64) -> RevocationState {
        RevocationState(
            lists: self.lists.sorted { $0.key < $1.key }.map(\.value.list),
            answers: self.answers.mapValues {
                .init(status: $0.status, thisUpdate: $0.thisUpdate, nextUpdate: $0.nextUpdate)
            },
            issuers: self.issuers(grace: grace, at: instant), sources: sources, grace: grace)
    }

    /// Every authority that signs lists, once per name and key.
    private func issuers(grace: Int64, at instant: Int64) -> [RevocationState.Issuer] {
        let held = Dictionary(grouping: self.lists.values) { $0.issuer.authorityKey }
        var issuers: [String: RevocationState.Issuer] = [:]
        for authority in self.knownAuthorities where authority.signsRevocationLists {
            let key = authority.authorityKey
            guard issuers[key] == nil else { continue }
            let ends = (held[key] ?? []).compactMap(\.list.nextUpdate)
            let stages = ends.map { RevocationStage.stage(nextUpdate: $0, at: instant, grace: grace) }
            issuers[key] = .init(
                subject: authority.subjectText, stage: stages.max(), nextUpdate: ends.min(), lists: ends.count)
        }
        return issuers.values.sorted { $0.subject < $1.subject }
    }
}
