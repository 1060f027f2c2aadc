internal import Logging

/// Consuming: one channel per subscription, so that an error of one costs the others nothing.
extension ConnectionLoop {
    // MARK: Subscribe

    func add(_ subscription: Subscription) {
        let backOff = BackOff(
            minimum: self.configuration.backOffMinimum, maximum: self.configuration.backOffMaximum)
        let consumer = ConsumerChannel(subscription, backOff)
        consumer.renewal = self.inbox.now()
        self.consumers[subscription.id] = consumer
    }

    func subscribeAll(_ session: BrokerSession) throws(AMQPError) {
        for consumer in self.consumers.values.sorted(by: { $0.subscription.id < $1.subscription.id }) {
            consumer.renewal = nil
            try self.subscribe(consumer, session)
        }
    }

    var nextRenewal: Duration? { self.consumers.values.compactMap(\.renewal).min() }

    /// New subscriptions and those that were refused or cancelled; for the latter the topology may be gone as well.
    func renewSubscriptions(_ session: BrokerSession) throws(AMQPError) {
        let now = self.inbox.now()
        let due = self.consumers.values.filter { $0.renewal.map { $0 <= now } ?? false }
        for consumer in due.sorted(by: { $0.subscription.id < $1.subscription.id }) {
            consumer.renewal = nil
            // Not the first time, so something that was there may have been deleted.
            if consumer.epoch > 0 {
                do throws(AMQPError) {
                    try self.declareOwnTopology(session)
                } catch {
                    // The subscription itself will say what is missing.
                    if error.code != .requestRefused { throw error }
                }
            }
            try self.subscribe(consumer, session)
        }
    }

    private func subscribe(_ consumer: ConsumerChannel, _ session: BrokerSession) throws(AMQPError) {
        let subscription = consumer.subscription
        do throws(AMQPError) {
            let channel = try self.channel(for: consumer, session)
            try session.setPrefetch(subscription.prefetch, channel: channel)
            try session.consume(
                queue: subscription.queue, tag: consumer.tag, arguments: subscription.arguments, channel: channel)
            consumer.isSubscribed = true
            consumer.backOff.reset()
        } catch {
            if error.code != .requestRefused { throw error }
            self.statistics.channelErrors += 1
            self.logger.warning(
                "the broker refused a subscription",
                metadata: ["amqp.queue": "\(subscription.queue)", "amqp.error": "\(error)"])
            if let channel = consumer.channel { self.channelOwners[channel] = nil }
            if consumer.ledger.outstandingCount > 0 { subscription.mailbox.lose(error) }
            consumer.lose()
            subscription.mailbox.post([.subscriptionFailed(error)])
            self.planRenewal(consumer)
        }
    }

    private func channel(for consumer: ConsumerChannel, _ session: BrokerSession) throws(AMQPError) -> UInt16 {
        if let channel = consumer.channel { return channel }
        // The lowest number that is free: the broker allows 2,047 channels.
        var channel = Self.firstConsumerChannel
        while self.channelOwners[channel] != nil { channel += 1 }
        try session.openChannel(channel)
        self.lastEpoch += 1
        consumer.lose()
        consumer.epoch = self.lastEpoch
        consumer.channel = channel
        self.channelOwners[channel] = consumer.subscription.id
        return channel
    }

    private func planRenewal(_ consumer: ConsumerChannel) {
        guard !consumer.isEnding else { return }
        var generator = SystemRandomNumberGenerator()
        consumer.renewal = self.inbox.now() + consumer.backOff.next(using: &generator)
    }

    // MARK: Deliver

    func delivered(
        _ message: AMQPMessage, _ method: DeliverMethod, to consumer: ConsumerChannel
    ) throws(AMQPError) {
        guard consumer.ledger.delivered(method.tag) else {
            throw AMQPError(.connectionLost, operation: "delivery out of order")
        }
        self.statistics.delivered += 1
        let id = consumer.subscription.id
        let delivery = AMQPDelivery(
            message: message, queue: consumer.subscription.queue, exchange: method.exchange,
            routingKey: method.routingKey, isRedelivered: method.isRedelivered,
            deliveryCount: Int(clamping: message.headers.integer("x-delivery-count") ?? 0),
            tag: AMQPDeliveryTag(consumer: id, epoch: consumer.epoch, number: method.tag))
        consumer.events.append(.delivery(delivery))
        self.eventful.insert(id)
    }

    /// Hands over what this wake-up brought, one lock per consumer.
    func deliverEvents() {
        for id in self.eventful { self.consumers[id]?.postEvents() }
        self.eventful.removeAll(keepingCapacity: true)
    }

    // MARK: Settle

    /// Acknowledgements are collected for this wake-up; the others keep their place in line.
    func settle(_ settlement: ConnectionInbox.Settlement) {
        let tag = settlement.tag
        guard let consumer = self.consumers[tag.consumer], consumer.channel != nil, consumer.epoch == tag.epoch else {
            self.statistics.staleSettlements += 1
            return
        }
        let isNew =
            switch settlement.disposition {
            case .acknowledge: consumer.ledger.acknowledge(tag.number)
            case .requeue: consumer.ledger.reject(tag.number, requeue: true)
            case .deadLetter: consumer.ledger.reject(tag.number, requeue: false)
            }
        if isNew {
            self.statistics.settled += 1
            self.settling.insert(tag.consumer)
        } else {
            self.statistics.staleSettlements += 1
        }
    }

    func sendSettlements(_ session: BrokerSession) throws(AMQPError) {
        for id in self.settling {
            guard let consumer = self.consumers[id], let channel = consumer.channel else { continue }
            for settlement in consumer.ledger.takeSettlements() {
                switch settlement {
                case .acknowledge(let number, let multiple):
                    try session.acknowledge(number, multiple: multiple, channel: channel)
                case .reject(let number, let requeue):
                    try session.reject(number, requeue: requeue, channel: channel)
                }
            }
            try self.closeIfDone(consumer, session)
        }
        self.settling.removeAll(keepingCapacity: true)
    }

    // MARK: End

    /// basic.cancel by the broker: the queue was deleted or its node went away.
    func subscriptionCancelled(on channel: UInt16) {
        guard let id = self.channelOwners[channel], let consumer = self.consumers[id] else { return }
        consumer.isSubscribed = false
        if consumer.isEnding { return }
        consumer.events.append(.cancelled)
        self.eventful.insert(id)
        self.planRenewal(consumer)
    }

    func consumerChannelClosed(_ id: Int, _ error: AMQPError) {
        guard let consumer = self.consumers[id] else { return }
        consumer.lose()
        if consumer.isEnding {
            self.forget(id)
        } else {
            consumer.subscription.mailbox.lose(error)
            self.planRenewal(consumer)
        }
    }

    /// The connection went away.
    func loseConsumers(_ error: AMQPError) {
        self.channelOwners = [:]
        for (id, consumer) in self.consumers {
            if consumer.isEnding {
                self.forget(id)
            } else if consumer.channel != nil {
                consumer.lose()
                consumer.subscription.mailbox.lose(error)
            }
        }
    }

    /// The owner wants no more: deliveries that are here can still be read and settled.
    func cancel(_ id: Int, _ session: BrokerSession) throws(AMQPError) {
        guard let consumer = self.consumers[id], !consumer.isEnding else { return }
        consumer.isEnding = true
        consumer.renewal = nil
        do throws(AMQPError) {
            if let channel = consumer.channel, consumer.isSubscribed {
                try session.cancel(tag: consumer.tag, channel: channel)
                consumer.isSubscribed = false
                // What the broker sent before it agreed waits inside librabbitmq.
                while session.hasBufferedFrames { try self.read(session) }
            }
        } catch {
            if error.code != .requestRefused { throw error }
            if let channel = consumer.channel { self.channelOwners[channel] = nil }
            consumer.lose()
        }
        consumer.postEvents()
        consumer.subscription.mailbox.finish()
        try self.closeIfDone(consumer, session)
    }

    func endAllSubscriptions(_ session: BrokerSession) throws(AMQPError) {
        for consumer in self.consumers.values.sorted(by: { $0.subscription.id < $1.subscription.id }) {
            let id = consumer.subscription.id
            if consumer.subscription.handsBack {
                try self.close(id, session)
            } else {
                try self.cancel(id, session)
            }
        }
    }

    /// Ends a subscription at once; the broker puts what is not settled back into the queue.
    func close(_ id: Int, _ session: BrokerSession) throws(AMQPError) {
        guard let consumer = self.consumers[id] else { return }
        self.forget(id)
        if let channel = consumer.channel {
            self.channelOwners[channel] = nil
            do throws(AMQPError) {
                try session.closeChannel(channel)
            } catch {
                if error.code != .requestRefused { throw error }
            }
        }
    }

    private func closeIfDone(_ consumer: ConsumerChannel, _ session: BrokerSession) throws(AMQPError) {
        if consumer.isEnding && consumer.ledger.outstandingCount == 0 {
            try self.close(consumer.subscription.id, session)
        }
    }

    func forget(_ id: Int) {
        self.consumers.removeValue(forKey: id)?.subscription.mailbox.close()
    }
}
