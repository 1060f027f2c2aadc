/// One subscription as the loop thread sees it: its channel, while it has one, and what was delivered on it.
final class ConsumerChannel {
    let subscription: Subscription
    var channel: UInt16?
    var epoch = 0
    var ledger = DeliveryLedger()
    var content = ContentAssembler()
    /// Events of this wake-up, posted together.
    var events: [ConsumerEvent] = []
    var isSubscribed = false
    /// Cancelled by its owner: settlements go on, and the channel is closed after the last of them.
    var isEnding = false
    /// When to subscribe again after a refusal.
    var renewal: Duration?
    var backOff: BackOff

    init(_ subscription: Subscription, _ backOff: BackOff) {
        self.subscription = subscription
        self.backOff = backOff
    }

    var tag: String { "\(self.subscription.id)-\(self.epoch)" }

    func postEvents() {
        guard !self.events.isEmpty else { return }
        self.subscription.mailbox.post(self.events)
        self.events.removeAll(keepingCapacity: true)
    }

    /// A channel that is gone takes everything with it that was delivered on it.
    func lose() {
        self.channel = nil
        self.isSubscribed = false
        self.ledger = DeliveryLedger()
        self.content = ContentAssembler()
        self.events = []
    }
}
