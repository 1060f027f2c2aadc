import Foundation
import Gateway
import Logging
import Observability
import Revocation
import ServiceLifecycle
import Trust

extension RoleContext {
    /// Fetches revocation lists ahead of time, for roles that judge peers.
    ///
    /// They are written to the folder that every process's reload service watches, so nothing more is done here when they
    /// change. OCSP answers are asked for about certificates that were shown: those that were accepted lately, by any
    /// process, and those that this one has just refused for want of an answer.
    var revocationFetching: [any Service] {
        let (trust, awaited, clock) = (self.trust, self.peers.awaited, self.clock)
        let seen = SeenLeaves(stateDirectory: self.configuration.files.state)
        guard !trust.current.authoritiesDER.isEmpty else { return [] }
        let service = RevocationService(
            self.configuration.revocation, logger: .gateway,
            now: { Int64(Date().timeIntervalSince1970 * 1_000) },
            interest: {
                RevocationInterest(
                    authorities: trust.current.authoritiesDER,
                    certificates: awaited.certificates(at: clock.now().seconds) + seen.all().certificates)
            },
            onChange: { _ in })
        awaited.follow { service.interestChanged() }
        return [service]
    }
}
