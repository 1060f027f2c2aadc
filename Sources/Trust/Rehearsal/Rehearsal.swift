internal import Gateway

/// What a candidate set would change for those who have shown certificates lately, and for all registered parties.
///
/// Pure: two snapshots, certificates and a time in; a report out. Both snapshots must have been loaded for all roles.
package struct Rehearsal: Sendable, Encodable {
    /// What happens to one certificate.
    package enum Change: String, Sendable, Encodable {
        case stillAccepted = "still-accepted"
        /// Accepted today, refused by the candidate.
        case cutOff = "cut-off"
        case newlyAccepted = "newly-accepted"
        case stillRefused = "still-refused"
    }

    /// One certificate before and after.
    package struct Outcome: Sendable, Encodable {
        package let purpose: CertificatePurpose
        package let fingerprint: String
        package let subject: String
        /// Whole days until it ends; negative when it has ended.
        package let daysLeft: Int
        package let change: Change
        /// Why the candidate refuses it.
        package let reason: String?
    }

    /// One party, or the authorities that are asked (no organisation of ours), with its certificates.
    package struct Entry: Sendable, Encodable {
        /// Nil for a base service and for a peer that is no registered party.
        package let organisation: String?
        package let name: String
        package let outcomes: [Outcome]
        /// In the register today, and not in the candidate's.
        package let isRemoved: Bool

        /// Whether somebody who gets through today would not.
        package var isCutOff: Bool { self.isRemoved || self.outcomes.contains { $0.change == .cutOff } }
        /// Registered, but no certificate of it was seen: nothing can be said about it.
        package var isUnseen: Bool { self.outcomes.isEmpty && !self.isRemoved }
    }

    /// Certificates with fewer days than this are worth a word.
    package static let soon = 30

    package let entries: [Entry]

    /// Whether the candidate cuts nobody off.
    package var passes: Bool { !self.entries.contains(where: \.isCutOff) }

    /// - Parameters:
    ///   - shown: What peers have shown lately.
    ///   - instant: Seconds since 1970 (UTC).
    package init(
        current: TrustSnapshot, candidate: TrustSnapshot, shown: [ShownCertificate], at instant: Int64
    ) {
        var outcomes: [Owner: [Outcome]] = [:]
        for certificate in shown {
            let before = current.verdict(on: certificate, at: instant)
            let after = candidate.verdict(on: certificate, at: instant)
            guard let holder = before.holder ?? after.holder else { continue }
            let owner = Owner(of: certificate, holder: holder, in: [current.parties, candidate.parties], at: instant)
            let isPinnedOut =
                owner.party(at: instant).map { !$0(candidate.parties, holder, certificate.purpose) } ?? false
            let wasPinnedOut =
                owner.party(at: instant).map { !$0(current.parties, holder, certificate.purpose) } ?? false
            let outcome = Outcome(
                holder, certificate.purpose, before: before.accepted && !wasPinnedOut,
                after: after.accepted && !isPinnedOut,
                reason: after.reason?.rawValue ?? (isPinnedOut ? "not-the-party's" : nil), at: instant)
            outcomes[owner, default: []].append(outcome)
        }
        var entries: [Entry] = []
        let registers = (current.parties, candidate.parties)
        for party in (registers.0.all + registers.1.all.filter { registers.0.party($0.organisation) == nil }) {
            let own = outcomes.removeValue(forKey: .party(party.organisation)) ?? []
            entries.append(
                Entry(
                    organisation: party.organisation, name: party.name, outcomes: own,
                    isRemoved: registers.1.party(party.organisation) == nil))
        }
        for (owner, own) in outcomes.sorted(by: { $0.key.name < $1.key.name }) {
            entries.append(Entry(organisation: nil, name: owner.name, outcomes: own, isRemoved: false))
        }
        self.entries = entries
    }

    /// Whose certificate it is.
    private enum Owner: Hashable {
        case party(String)
        case other(String)

        init(of shown: ShownCertificate, holder: CertificateIdentity, in registers: [PartyRegister], at instant: Int64)
        {
            if shown.purpose == .server {
                self = .other(shown.serverName ?? holder.subject)
                return
            }
            let party = registers.lazy.flatMap(\.all).first {
                shown.purpose == .signer ? $0.signs(with: holder, at: instant) : $0.connects(with: holder, at: instant)
            }
            self = party.map { .party($0.organisation) } ?? .other(holder.subject)
        }

        var name: String {
            switch self {
            case .party(let name), .other(let name): name
            }
        }

        /// Whether a register says that the certificate is this party's; nil for others, of whom no register speaks.
        func party(at instant: Int64) -> ((PartyRegister, CertificateIdentity, CertificatePurpose) -> Bool)? {
            guard case .party(let organisation) = self else { return nil }
            return { register, holder, purpose in
                guard let party = register.party(organisation) else { return false }
                return purpose == .signer
                    ? party.signs(with: holder, at: instant) : party.connects(with: holder, at: instant)
            }
        }
    }
}

extension Rehearsal.Outcome {
    fileprivate init(
        _ holder: CertificateIdentity, _ purpose: CertificatePurpose, before: Bool, after: Bool, reason: String?,
        at instant: Int64
    ) {
        self.init(
            purpose: purpose, fingerprint: holder.fingerprint, subject: holder.subject,
            daysLeft: Int((holder.notAfter - instant) / 86_400),
            change: before ? (after ? .stillAccepted : .cutOff) : (after ? .newlyAccepted : .stillRefused),
            reason: after ? nil : reason)
    }
}
