package import SHS
import Synchronization

/// The ingress's waiting requests: each gets exactly one reply, whatever comes first.
///
/// Reserve, dispatch, wait, release: the reply may overtake the wait, and so may the end of the time, so a place can be
/// answered or ended before anyone waits in it.
package final class PendingReplies: Sendable {
    /// What a wait came to.
    package enum Wait: Sendable, Equatable {
        case reply(Reply)
        /// There will be no reply, for this reason.
        case ended(Fault)
        /// There is no such place (any more).
        case gone
    }

    private enum Place {
        case reserved
        case waiting([CheckedContinuation<Wait, Never>])
        case answered(Reply)
        case ended(Fault)
    }

    private let places = Mutex<[TransactionID: Place]>([:])

    package init() {}

    package var count: Int { self.places.withLock { $0.count } }

    /// How many wait at this moment, repeats included.
    package var waiterCount: Int {
        self.places.withLock { places in
            places.values.reduce(0) { if case .waiting(let waiters) = $1 { $0 + waiters.count } else { $0 } }
        }
    }

    /// Makes room for a reply; before anybody can hear of the transaction.
    package func reserve(_ transaction: TransactionID) {
        self.places.withLock { $0[transaction] = .reserved }
    }

    /// Waits for the reply.
    ///
    /// Also in a cancelled task: a repeat may have joined, and the place ends in time in any case.
    package func wait(for transaction: TransactionID) async -> Wait {
        await withCheckedContinuation { continuation in
            let early: Wait? = self.places.withLock { places in
                switch places[transaction] {
                case nil: return .gone
                case .answered(let reply): return .reply(reply)
                case .ended(let fault): return .ended(fault)
                case .reserved: places[transaction] = .waiting([continuation])
                case .waiting(let others): places[transaction] = .waiting(others + [continuation])
                }
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }
    }

    /// Files a reply; false when nobody waits for it (any more).
    package func received(_ reply: Reply) -> Bool {
        self.settle(reply.transaction, as: .answered(reply), .reply(reply))
    }

    /// There will be no reply: the dispatch failed, or the time is out.
    ///
    /// Nothing happens to a place that has its reply.
    package func end(_ transaction: TransactionID, because fault: Fault) {
        _ = self.settle(transaction, as: .ended(fault), .ended(fault))
    }

    /// Ends every place, for a shutdown.
    package func endAll(because fault: Fault) {
        // In a fixed order, so that the same events lead to the same steps again.
        let transactions = self.places.withLock { $0.keys.sorted { $0.text < $1.text } }
        for transaction in transactions { self.end(transaction, because: fault) }
    }

    /// Gives the place up, once its owner has what it waited for.
    package func release(_ transaction: TransactionID) {
        let place = self.places.withLock { $0.removeValue(forKey: transaction) }
        guard case .waiting(let continuations) = place else { return }
        for continuation in continuations { continuation.resume(returning: .gone) }
    }

    private func settle(_ transaction: TransactionID, as place: Place, _ result: Wait) -> Bool {
        let waiters: [CheckedContinuation<Wait, Never>]? = self.places.withLock { places in
            switch places[transaction] {
            case nil, .answered, .ended: return nil
            case .reserved:
                places[transaction] = place
                return []
            case .waiting(let continuations):
                places[transaction] = place
                return continuations
            }
        }
        guard let waiters else { return false }
        for waiter in waiters { waiter.resume(returning: result) }
        return true
    }
}
