import Gateway
import InMemoryTransport
import SHS
import SSBTEK

/// Nothing is acknowledged before what it caused is confirmed.
extension InvariantChecker {
    func acknowledging(
        _ message: InMemoryMessage, by name: String, at now: Timestamp, in state: inout State
    ) {
        let process = state.processes[name] ?? WatchedProcess()
        // A process whose clock is ahead may think so already.
        let latest = now + self.limits.spread
        switch message {
        case .work(let item):
            if process.hasAnswered(item) || latest >= item.deadline { return }
            self.fail(.confirmedFirst, "\(name) acknowledges work whose answer nobody has", in: &state)
        case .manifest(let manifest):
            if process.hasReplied(to: manifest.transaction) || process.hasSeveral(manifest)
                || latest > manifest.deadline + self.limits.correlate.abandonAfter
            {
                return
            }
            self.fail(.confirmedFirst, "\(name) acknowledges a manifest without a confirmed reply", in: &state)
        case .answer(let answer):
            let transaction = state.transactions[answer.transaction]
            let manifest = transaction?.manifest
            // A reply that is complete is on its way to this transaction and the one that it repeats: to make the same one
            // again, after a crash, its own answers are enough. One that was replied to without them has had its reply, and
            // at the end of its time it gets one without them.
            let twins = state.transactions.values.filter { $0.correlationID == transaction?.correlationID }
            if twins.contains(where: {
                $0.isRepeat(of: manifest)
                    && (process.has(answer.slot, of: $0.manifest.transaction)
                        || process.hasReplied(to: $0.manifest.transaction) || latest >= $0.manifest.deadline)
            }) {
                return
            }
            if process.hasReplied(to: answer.transaction) || process.hasSeveral(answer)
                || latest > answer.deadline + self.limits.correlate.orphanAfter
                || manifest.map({ latest >= $0.deadline || !$0.slots.contains(answer.slot) }) ?? false
            {
                return
            }
            self.fail(.confirmedFirst, "\(name) acknowledges an answer without a confirmed reply", in: &state)
        case .reply, .unreadable: break
        }
    }
}
