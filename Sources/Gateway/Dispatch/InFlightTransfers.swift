import SHS
import SSBTEK
import Synchronization

/// Transfers that this ingress has in flight, by sender and tx.id, and those that it finished lately.
///
/// A repeat of one in flight joins it and gets the same reply; a repeat of a finished one is asked anew, since the
/// content of the first is gone (profile, «SYNCH repeated»).
package final class InFlightTransfers: Sendable {
    /// What an incoming transfer is.
    package enum Arrival: Sendable, Equatable {
        /// Not seen lately, or not in flight any more; the flag says which.
        case first(isRepeat: Bool)
        /// The same content is in flight under this transaction.
        case joins(TransactionID)
    }

    private struct Key: Hashable {
        let sender: String
        let txID: String
        let content: [ContentDigest]
    }

    private struct State {
        var inFlight: [Key: TransactionID] = [:]
        var finished: Set<Key> = []
        var order: [Key] = []
        var next = 0
    }

    private let state = Mutex(State())
    /// How many finished transfers are remembered: enough to recognise a client's retries, bounded in memory.
    private let capacity: Int

    package init(capacity: Int = 10_000) {
        self.capacity = capacity
    }

    /// Registers an arrival; `transaction` is used when it is a first one.
    package func arrived(_ request: AcceptedRequest, as transaction: TransactionID) -> Arrival {
        let key = Self.key(request)
        return self.state.withLock { state in
            if let first = state.inFlight[key] { return .joins(first) }
            state.inFlight[key] = transaction
            return .first(isRepeat: state.finished.contains(key))
        }
    }

    /// The first transfer has its response.
    package func finished(_ request: AcceptedRequest) {
        let key = Self.key(request)
        self.state.withLock { state in
            state.inFlight[key] = nil
            guard state.finished.insert(key).inserted else { return }
            if state.order.count < self.capacity {
                state.order.append(key)
            } else {
                state.finished.remove(state.order[state.next])
                state.order[state.next] = key
                state.next = (state.next + 1) % self.capacity
            }
        }
    }

    private static func key(_ request: AcceptedRequest) -> Key {
        Key(
            sender: request.party.organisation,
            txID: request.label.txID,
            content: request.questions.map { ContentDigest(of: $0.bytes) }
        )
    }
}
