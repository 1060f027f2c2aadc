import Gateway
import Logging
import Observability
import Providers
import SSBTEK
import ServiceLifecycle
import Trust

extension RoleContext {
    /// Asks one base service, with the credentials that are in force and with the current snapshot's word on its server.
    func client(_ configuration: ProviderConfiguration) throws -> BaseServiceClient {
        guard
            let credentials = ProviderCredentials(
                self.trust.current, for: configuration, at: self.clock.now().seconds)
        else {
            throw ExitWith.failure("this role has no credentials for \(configuration.provider.rawValue)")
        }
        let (trust, clock, peers, host) = (self.trust, self.clock, self.peers, configuration.host)
        let (held, provider) = (self.reload.held, configuration.provider)
        return try BaseServiceClient(
            configuration,
            contract: self.contract,
            credentials: credentials,
            acceptsServer: { leaf in
                let now = clock.now().seconds
                let verdict = trust.current.verifyServer(certificatesDER: [leaf], host: host, at: now)
                if verdict.accepted, let holder = verdict.holder {
                    peers.accepted(holder.fingerprint, for: .server, at: now) {
                        ShownCertificate(purpose: .server, chain: [leaf], serverName: host)
                    }
                }
                if verdict.reason == .revocationUnknown { peers.awaited.note([leaf], at: now) }
                return verdict.accepted
            },
            onEvent: { held.note($0, of: provider) }
        )
    }

    /// Takes new connections into use when the old ones would not be made any more; looks with every snapshot, and once
    /// a minute for what time alone changes.
    func clientRenewal(_ client: BaseServiceClient, _ configuration: ProviderConfiguration) -> any Service {
        let clock = self.clock
        return TrustFollower(holder: self.trust, pause: .seconds(60)) { snapshot in
            guard let credentials = ProviderCredentials(snapshot, for: configuration, at: clock.now().seconds) else {
                return
            }
            let provider = LogKeys.provider
            do {
                if try client.trustChanged(credentials) {
                    Logger.gateway.notice(
                        "The connections to a base service were renewed",
                        metadata: [provider: .string(configuration.provider.rawValue)])
                }
            } catch {
                Logger.gateway.error(
                    "The new certificate for a base service cannot be used; the old one stays in use",
                    metadata: [
                        provider: .string(configuration.provider.rawValue), LogKeys.reason: "\(type(of: error))",
                    ])
            }
        }
    }
}

extension ProviderCredentials {
    /// What a snapshot has for one base service; nil in a role that calls none.
    fileprivate init?(_ snapshot: TrustSnapshot, for configuration: ProviderConfiguration, at instant: Int64) {
        guard let own = snapshot.providerClient(for: configuration.provider.rawValue, at: instant),
            let anchors = snapshot.providerAnchorsPEM
        else { return nil }
        self.init(certificateChain: own.chainPEM, privateKey: own.keyPEM, anchors: anchors)
    }
}
