import Audit
import Gateway
import Logging
import Observability
import Trust

extension RoleContext {
    /// The record of this process; a role does not start without one.
    static func keeper(
        _ configuration: GatewayConfiguration, role: TrustRole, trust: TrustHolder, clock: any GatewayClock
    ) throws -> RecordKeeper {
        if !trust.current.canSealRecords(at: clock.now().seconds) {
            Logger.gateway.warning("The set of certificates holds no key to seal the record with")
        }
        do {
            return try RecordKeeper(
                configuration.audit, role: role.rawValue, signer: SnapshotSealSigner(trust: trust, clock: clock),
                clock: clock)
        } catch {
            throw ExitWith.failure("\(error)")
        }
    }

    /// What persons are called in the record; only the ingress knows whom a request is about.
    func pseudonyms() throws -> PseudonymKeys {
        do throws(PseudonymKeyError) {
            return try PseudonymKeys(folder: self.configuration.audit.pseudonymKeys, makesFirst: true)
        } catch {
            throw ExitWith.failure("\(error)")
        }
    }
}

/// Signs seals with the key that is in force at that moment.
///
/// While the only key has run out nothing is sealed, and a new one seals everything that waits for it. Where there has
/// never been a key, seals have no signature.
private struct SnapshotSealSigner: SealSigning {
    let trust: TrustHolder
    let clock: any GatewayClock

    func signature(over bytes: [UInt8]) throws -> [UInt8]? {
        let snapshot = self.trust.current
        let signature = try snapshot.recordSignature(over: bytes, at: self.clock.now().seconds)
        if signature == nil, snapshot.hasRecordKeys { throw NoSealKeyNow() }
        return signature
    }
}

private struct NoSealKeyNow: Error, CustomStringConvertible {
    var description: String { "node/record-signing: there is no certificate that is valid now" }
}
