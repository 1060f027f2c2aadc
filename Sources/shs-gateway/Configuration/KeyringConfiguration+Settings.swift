import AMQPTransport
import Gateway

extension KeyringConfiguration {
    /// Keys: `keyring.lifetime`, `.margin`, `.tick`, `.access`.
    ///
    /// How long an epoch opens after it has ended follows from the deadlines: what is sealed at its last moment may wait for the
    /// broker's confirm, then until the ingress gives up on the largest message, and its expiry in the queue is a grace later.
    init(_ settings: SettingsReader, deadlines: DeadlineConfiguration, persons: Int, confirm: Duration) {
        self.init()
        let lifetime = settings.duration(
            "keyring.lifetime", default: self.schedule.lifetime, in: .seconds(1)...(.seconds(86_400)))
        let margin = settings.duration("keyring.margin", default: .seconds(30), in: .zero...(.seconds(3_600)))
        self.schedule = EpochSchedule(
            lifetime: lifetime,
            opensFor: confirm + deadlines.waitBudget(persons: persons) + Self.expiryGrace + margin)
        self.tick = settings.duration(
            "keyring.tick", default: self.tick, in: .milliseconds(50)...(.seconds(60)))
        self.access = settings.choice("keyring.access", default: self.access)
    }
}

extension MemoryConfiguration {
    /// Keys: `memory.overwriteReleased`, `.erasedWithin`, `.forbidInspection`, `.lock`.
    init(_ settings: SettingsReader) {
        self.overwritesReleased = settings.bool("memory.overwriteReleased", default: true)
        self.erasedWithin = settings.duration(
            "memory.erasedWithin", default: .seconds(2), in: .milliseconds(100)...(.seconds(60)))
        self.forbidsInspection = settings.bool("memory.forbidInspection", default: true)
        self.locks = settings.bool("memory.lock", default: true)
    }
}
