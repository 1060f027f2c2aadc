/// What OCSP answers mean for a path that was checked with lists alone; ``RevocationAnswers`` states the rule.
extension CertificateVerifier {
    /// The answers about a path's certificates but the anchor, whose own revocation is asked of nobody.
    func answers(about chain: [Certificate]) -> [RevocationAnswers.Answer?] {
        guard !self.answers.isEmpty else { return [] }
        return zip(chain, chain.dropFirst()).map { self.answers.answer(about: $0, issuer: $1) }
    }

    /// The findings on a path with what answers say: a revocation is added, a current `good` stands in for a list.
    func answered(
        _ judged: [JudgedFinding], _ chain: [Certificate], endsAtAnchor: Bool, at instant: Int64
    ) -> [JudgedFinding] {
        let answers = self.answers(about: chain)
        guard self.policy.requiresRevocation, endsAtAnchor, answers.contains(where: { $0 != nil }) else {
            return judged
        }
        var judged = judged
        for (depth, answer) in answers.enumerated() {
            guard let answer else { continue }
            let stage = answer.stage(at: instant, policy: self.policy)
            func finding(_ reason: RefusalReason, _ detail: String) -> TrustCheck.Finding {
                .init(reason: reason, depth: depth, detail: detail)
            }
            switch (answer.status, stage) {
            case (.revoked, _):
                judged.append(self.policy.judge(finding(.revoked, "the OCSP responder says that it is revoked")))
            case (.good, .fresh):
                judged.removeAll { $0.isWithoutList(at: depth) }
            case (.good, .grace):
                judged.replace(at: depth) {
                    self.policy.judgeGrace(
                        finding(.revocationUnknown, "the OCSP answer has run out and is in its grace"))
                }
            case (.good, .stale), (.unknown, .stale):
                judged.replace(at: depth) {
                    self.policy.judge(finding(.revocationUnknown, "the OCSP answer has run out"))
                }
            case (.unknown, .fresh), (.unknown, .grace):
                judged.replace(at: depth) {
                    self.policy.judge(
                        finding(.revocationUnknown, "the OCSP responder does not know the certificate"))
                }
            }
        }
        // An authority that answers for its certificates need not have a list: libcrypto asks for the anchor's own.
        if chain.count > 1, answers.last.map({ $0 != nil }) ?? false {
            judged.removeAll { $0.isWithoutList(at: chain.count - 1) }
        }
        return judged
    }
}

extension JudgedFinding {
    /// Whether it says that no current list covers a certificate of the path itself.
    fileprivate func isWithoutList(at depth: Int) -> Bool {
        self.finding.reason == .revocationUnknown && self.finding.depth == depth && !self.isAboutListSigner
    }
}

extension [JudgedFinding] {
    /// Says instead why there is no answer either, where no current list covers a certificate.
    fileprivate mutating func replace(at depth: Int, _ finding: () -> JudgedFinding) {
        // A list in its grace covers it, with its own warning.
        let open = self.filter { $0.isWithoutList(at: depth) && !$0.isGrace }
        guard !open.isEmpty else { return }
        self.removeAll { $0.isWithoutList(at: depth) && !$0.isGrace }
        self.append(finding())
    }
}
