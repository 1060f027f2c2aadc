import Gateway
import Synchronization

/// A correlator's transport that does not do what the port says.
final class SabotagedCorrelator: CorrelatorTransport {
    enum Fault: Sendable {
        /// Manifests are acknowledged when they arrive.
        case acknowledgesManifestsEarly
        /// Answers are acknowledged when they arrive.
        case acknowledgesAnswersEarly
        /// What should be acknowledged stays.
        case neverAcknowledges
        /// A publish counts as confirmed without having been made.
        case dropsReplies
        /// Every reply is published two times.
        case repliesTwice
        /// A transaction gets the content that was meant for the one before.
        case mixesReplies
        /// Answers do not reach the correlator.
        case losesAnswers
    }

    private let base: any CorrelatorTransport
    private let fault: Fault
    private let previous = Mutex<Reply.Outcome?>(nil)

    init(base: any CorrelatorTransport, fault: Fault) {
        self.base = base
        self.fault = fault
    }

    func receive(_ handler: @escaping @Sendable (CorrelateEvent) -> Void) async throws {
        let (base, fault) = (self.base, self.fault)
        try await base.receive { event in
            if case .answer = event, fault == .losesAnswers { return }
            handler(event)
            switch (event, fault) {
            case (.manifest(_, let id), .acknowledgesManifestsEarly): base.acknowledge([id])
            case (.answer(_, let id), .acknowledgesAnswersEarly): base.acknowledge([id])
            default: break
            }
        }
    }

    func acknowledge(_ deliveries: [DeliveryID]) {
        if self.fault != .neverAcknowledges { self.base.acknowledge(deliveries) }
    }

    func publish(_ reply: Reply, to address: ReplyAddress) async throws(TransportError) {
        switch self.fault {
        case .dropsReplies: return
        case .repliesTwice:
            try await self.base.publish(reply, to: address)
            try await self.base.publish(reply, to: address)
        case .mixesReplies:
            let outcome = self.previous.withLock { previous in
                defer { previous = reply.outcome }
                return previous ?? reply.outcome
            }
            let other = Reply(transaction: reply.transaction, outcome: outcome, sections: reply.sections)
            try await self.base.publish(other, to: address)
        case .acknowledgesManifestsEarly, .acknowledgesAnswersEarly, .neverAcknowledges, .losesAnswers:
            try await self.base.publish(reply, to: address)
        }
    }
}
