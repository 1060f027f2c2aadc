import AMQP
import AMQPTransport
import Gateway
import ServiceLifecycle

/// Has the record count when the broker was lost and when it was back.
///
/// Looks now and then; a connection that was lost and made again in between is known by its own count of losses.
struct BrokerWatch: Service {
    let connections: BrokerConnections
    let record: any RecordKeeping
    let clock: any GatewayClock
    /// Between two looks.
    let interval: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var presence = BrokerPresence()
            while (try? await self.clock.sleep(until: self.clock.now() + self.interval)) != nil {
                for occurrence in presence.seen(self.look) { self.record.count(occurrence) }
            }
        }
    }

    private var look: BrokerPresence.Look {
        let (publisher, consumer) = (self.connections.publisher, self.connections.consumer)
        let statuses = (publisher === consumer ? [publisher] : [publisher, consumer]).map(\.status)
        return BrokerPresence.Look(
            connections: ObjectIdentifier(publisher), isConnected: statuses.allSatisfy(\.isConnected),
            losses: statuses.reduce(0) { $0 + $1.statistics.connectionLosses },
            reason: statuses.lazy.compactMap(\.lastError).first?.code.rawValue)
    }
}

/// What becomes of the connections to the broker from one look to the next; plain values.
struct BrokerPresence: Sendable {
    struct Look: Sendable {
        /// Others after a renewal, which begin to count anew.
        var connections: ObjectIdentifier
        var isConnected: Bool
        var losses: Int
        /// Why there is no connection.
        var reason: String?
    }

    private var last: Look?
    private var isLost = false

    /// What has happened since the look before; nothing before the broker was there for the first time.
    mutating func seen(_ look: Look) -> [RecordOccurrence] {
        defer { if look.isConnected || self.last != nil { self.last = look } }
        guard let last = self.last else { return [] }
        var occurrences: [RecordOccurrence] = []
        let before = look.connections == last.connections ? last.losses : 0
        if !self.isLost, !look.isConnected || look.losses > before {
            occurrences.append(.deviation(.brokerLost, reason: look.reason))
            self.isLost = true
        }
        if self.isLost, look.isConnected {
            occurrences.append(.deviation(.brokerBack, reason: nil))
            self.isLost = false
        }
        return occurrences
    }
}
