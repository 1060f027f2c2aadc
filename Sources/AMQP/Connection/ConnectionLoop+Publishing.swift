internal import Logging

/// Publishing: as many at once as window and socket allow, confirms as they come.
extension ConnectionLoop {
    func openPublishChannel(_ session: BrokerSession) throws(AMQPError) {
        try session.openChannel(Self.publishChannel)
        try session.selectConfirms(channel: Self.publishChannel)
    }

    /// True when another round would send something.
    var canSendMore: Bool {
        !self.pending.isEmpty && !self.waitsForSocket && !self.isBlocked
            && self.ledger.waitingCount < self.configuration.outstandingWindow
    }

    func sendPublishes(_ session: BrokerSession) throws(AMQPError) {
        self.waitsForSocket = false
        // A bound, so that confirms are read in between.
        var budget = 256
        var unchecked = Int.max
        while budget > 0, self.canSendMore {
            // librabbitmq waits inside a write until the socket takes it. Asking first keeps the thread free to read;
            // a writable socket has room for at least a third of its buffer.
            if unchecked > 16_384 {
                guard session.isWritable else {
                    self.waitsForSocket = true
                    return
                }
                unchecked = 0
            }
            guard let request = self.pending.popFirst() else { return }
            if request.deadline <= self.inbox.now() {
                self.resolutions.append(.init(waiter: request.waiter, outcome: .timedOut))
                continue
            }
            // Registered before it is written: the answer may come with the next read.
            let number = self.ledger.sent(request.waiter, deadline: request.deadline)
            self.statistics.published += 1
            try session.publish(request.publication, publishNumber: number, channel: Self.publishChannel)
            unchecked += request.publication.message.body.count + 512
            budget -= 1
        }
    }

    func expirePublishes() throws(AMQPError) {
        let now = self.inbox.now()
        self.ledger.expire(at: now, into: &self.resolutions)
        while let first = self.pending.first, first.deadline <= now {
            _ = self.pending.popFirst()
            self.resolutions.append(.init(waiter: first.waiter, outcome: .timedOut))
        }
        // A broker that leaves a whole window unanswered is as good as dead; a new connection is a clean start.
        if self.ledger.toldCount > self.configuration.outstandingWindow {
            throw AMQPError(.connectionLost, operation: "no confirms")
        }
    }

    /// Resumes everyone whose answer is known.
    func tellPublishers(lost: AMQPError = AMQPError(.connectionLost, operation: "basic.publish")) {
        guard !self.resolutions.isEmpty else { return }
        let resolutions = self.resolutions
        self.resolutions.removeAll(keepingCapacity: true)
        // Counted before anyone is told, so that whoever is told sees the count.
        for resolution in resolutions {
            switch resolution.outcome {
            case .confirmed: self.statistics.confirmed += 1
            case .rejected: self.statistics.rejected += 1
            case .returned: self.statistics.returned += 1
            case .timedOut: self.statistics.confirmTimeouts += 1
            case .lost: self.statistics.unanswered += 1
            }
        }
        self.inbox.publish(self.statistics)
        for resolution in resolutions {
            switch resolution.outcome {
            case .confirmed:
                if let tag = resolution.waiter.answeredDelivery {
                    self.settle(.init(tag: tag, disposition: .acknowledge))
                }
                resolution.waiter.resume(nil)
            case .rejected:
                resolution.waiter.resume(AMQPError(.rejected, operation: "basic.publish"))
            case .returned(let replyCode):
                resolution.waiter.resume(AMQPError(.returned, operation: "basic.publish", replyCode: replyCode))
            case .timedOut:
                resolution.waiter.resume(AMQPError(.confirmTimedOut, operation: "basic.publish"))
            case .lost:
                resolution.waiter.resume(lost)
            }
        }
    }

    /// connection.blocked: the broker reads nothing more from us until it has memory or disk again.
    func blockedChanged(_ isBlocked: Bool) {
        self.isBlocked = isBlocked
        self.inbox.setBlocked(isBlocked)
        guard isBlocked else {
            self.logger.notice("the broker takes messages again")
            return
        }
        self.logger.warning("the broker is out of memory or disk and takes no messages")
        guard self.configuration.failsFastWhenBlocked else { return }
        for request in self.pending.removeAll() {
            request.waiter.resume(AMQPError(.blocked, operation: "basic.publish"))
        }
    }

    /// The broker closed the publishing channel, mostly for a publish to an exchange that is not there.
    ///
    /// It does not say which, so all that wait are told; the rest goes out on a new channel.
    func publishChannelClosed(_ error: AMQPError, _ session: BrokerSession) throws(AMQPError) {
        self.ledger.lost(into: &self.resolutions)
        self.tellPublishers(lost: error)
        self.returnedContent = ContentAssembler()
        try self.openPublishChannel(session)
    }
}
