import Gateway
import Testing

@testable import shs_gateway

/// What the record hears of the broker.
struct BrokerPresenceTests {
    private final class Connections {}

    private let one = Connections()
    private let other = Connections()

    private func look(_ isConnected: Bool, losses: Int = 0, of connections: Connections? = nil) -> BrokerPresence.Look {
        BrokerPresence.Look(
            connections: ObjectIdentifier(connections ?? self.one), isConnected: isConnected, losses: losses,
            reason: isConnected ? nil : "connectFailed")
    }

    private let lost = RecordOccurrence.deviation(.brokerLost, reason: "connectFailed")
    private let back = RecordOccurrence.deviation(.brokerBack, reason: nil)

    @Test func `a broker that is not there yet has not been lost`() {
        var presence = BrokerPresence()
        #expect(presence.seen(self.look(false)) == [])
        #expect(presence.seen(self.look(true)) == [])
        #expect(presence.seen(self.look(true)) == [])
    }

    @Test func `a loss and the return are told once`() {
        var presence = BrokerPresence()
        #expect(presence.seen(self.look(true)) == [])
        #expect(presence.seen(self.look(false, losses: 1)) == [self.lost])
        #expect(presence.seen(self.look(false, losses: 1)) == [])
        #expect(presence.seen(self.look(true, losses: 1)) == [self.back])
        #expect(presence.seen(self.look(true, losses: 1)) == [])
    }

    @Test func `a loss between two looks is told as well`() {
        var presence = BrokerPresence()
        _ = presence.seen(self.look(true, losses: 3))
        #expect(
            presence.seen(self.look(true, losses: 4)) == [.deviation(.brokerLost, reason: nil), self.back])
    }

    @Test func `connections that replace others begin to count anew`() {
        var presence = BrokerPresence()
        _ = presence.seen(self.look(true, losses: 3))
        #expect(presence.seen(self.look(true, of: self.other)) == [])
        #expect(presence.seen(self.look(false, losses: 1, of: self.other)) == [self.lost])
    }
}
