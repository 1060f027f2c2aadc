import Glibc

/// How the keyring's epochs are kept.
package struct KeyringConfiguration: Sendable, Equatable {
    /// When epochs begin and end, in every lane that has no schedule of its own.
    package var schedule = EpochSchedule()
    /// Lanes whose content is waited for longer.
    package var schedules: [Lane: EpochSchedule] = [:]
    /// How often a process looks whether epochs were made or destroyed.
    package var tick: Duration = .seconds(1)
    package var access: KeyringAccess = .owner

    /// How long after its deadline a message may still lie in a queue.
    package static var expiryGrace: Duration { MessageSealer.grace }

    package init() {}

    package func schedule(of lane: Lane) -> EpochSchedule { self.schedules[lane] ?? self.schedule }
}

/// Who may read key files besides the roles' common user.
package enum KeyringAccess: String, Sendable, CaseIterable {
    /// All roles run as one user; which lanes a role opens is decided by the role itself.
    case owner
    /// Each role runs as a user of its own, and each lane's folder belongs to a group of the roles that need that lane.
    case group

    var fileMode: mode_t { self == .owner ? 0o600 : 0o660 }
    /// Bits that make a key file unusable.
    var forbidden: mode_t { self == .owner ? 0o077 : 0o007 }
}
