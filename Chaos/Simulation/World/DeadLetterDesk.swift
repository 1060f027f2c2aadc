import Gateway
import InMemoryTransport
import SHS
import SSBTEK
import Synchronization

/// What has died in its queue, until somebody has taken care of it: the dead letter queue and its reader in one.
final class DeadLetterDesk: Sendable {
    private let letters = Mutex<[InMemoryMessage]>([])

    /// Called inside the broker's lock.
    func received(_ message: InMemoryMessage, because reason: InMemoryEvent.DeathReason) {
        // Where the time is up, the deadline takes care of it.
        if reason == .deliveryLimit { self.letters.withLock { $0.append(message) } }
    }

    /// Tells whoever waits, as the reader of dead letters does; what cannot be told now is tried again.
    func work(at broker: InMemoryBroker) {
        for message in self.letters.withLock({ $0 }) {
            guard Self.remedy(for: message, at: broker) != .rejected else { return }
            self.letters.withLock { _ = $0.removeFirst() }
        }
    }

    var isEmpty: Bool { self.letters.withLock { $0.isEmpty } }

    private static func remedy(for message: InMemoryMessage, at broker: InMemoryBroker) -> PublishOutcome? {
        switch message {
        case .work(let item):
            let answer = ProviderAnswer(
                transaction: item.transaction, slot: item.slot, shard: item.shard, deadline: item.deadline,
                outcome: .error(.gateway(.internalError)), elapsed: .zero)
            return broker.take(.answer(answer), for: .correlate(item.shard), timeToLive: .seconds(60))
        case .manifest(let manifest):
            let reply = Reply(
                transaction: manifest.transaction, outcome: .fault(.internalError), sections: SectionCount())
            return broker.take(.reply(reply), for: .reply(manifest.replyAddress), timeToLive: .seconds(30))
        case .answer, .reply, .unreadable: return nil
        }
    }
}
