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
    /// change.
    var revocationFetching: [any Service] {
        let (trust, seen) = (self.trust, SeenCertificates(stateDirectory: self.configuration.files.state))
        guard !trust.current.authoritiesDER.isEmpty else { return [] }
        let service = RevocationService(
            self.configuration.revocation, logger: .gateway,
            now: { Int64(Date().timeIntervalSince1970 * 1_000) },
            interest: {
                RevocationInterest(
                    authorities: trust.current.authoritiesDER, certificates: seen.all().compactMap(\.chain.first))
            },
            onChange: { _ in })
        return [service]
    }
}
