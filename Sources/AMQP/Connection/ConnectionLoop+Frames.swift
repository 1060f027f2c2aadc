internal import Logging

/// What the broker says, and what follows from it.
extension ConnectionLoop {
    func received(_ frame: InboundFrame, on channel: UInt16, _ session: BrokerSession) throws(AMQPError) {
        switch frame {
        case .acknowledged(let number, let multiple):
            self.ledger.acknowledged(number, multiple: multiple, into: &self.resolutions)
        case .rejected(let number, let multiple):
            self.ledger.rejected(number, multiple: multiple, into: &self.resolutions)
        case .deliver(let method):
            try self.assemble(on: channel) { $0.method(.deliver(method)) ? .incomplete : .protocolError }
        case .returned(let replyCode):
            try self.assemble(on: channel) { $0.method(.returned(replyCode: replyCode)) ? .incomplete : .protocolError }
        case .header(let message, let bodySize, let publishNumber):
            try self.assemble(on: channel) {
                $0.header(message, bodySize: bodySize, publishNumber: publishNumber)
            }
        case .body(let bytes):
            try self.assemble(on: channel) { $0.body(bytes) }
        case .consumerCancelled:
            self.subscriptionCancelled(on: channel)
        case .channelClosed(let replyCode, let text):
            try session.confirmClosed(channel: channel)
            try self.channelClosed(channel, replyCode, text, session)
        case .connectionClosed(let replyCode, let text):
            session.confirmClosedConnection()
            throw .refusal(.connectionLost, operation: "connection.close", replyCode: replyCode, text: text)
        case .blocked:
            self.blockedChanged(true)
        case .unblocked:
            self.blockedChanged(false)
        case .other:
            break
        }
    }

    private func assemble(
        on channel: UInt16, _ step: (inout ContentAssembler) -> ContentAssembler.Step
    ) throws(AMQPError) {
        let result: ContentAssembler.Step
        let consumer = self.channelOwners[channel].flatMap { self.consumers[$0] }
        if channel == Self.publishChannel {
            result = step(&self.returnedContent)
        } else if let consumer {
            result = step(&consumer.content)
        } else {
            // Frames that were on their way when the channel was closed.
            return
        }
        switch result {
        case .incomplete:
            break
        case .protocolError:
            throw AMQPError(.connectionLost, operation: "content out of order")
        case .complete(let content):
            switch content.method {
            case .deliver(let method):
                if let consumer { try self.delivered(content.message, method, to: consumer) }
            case .returned(let replyCode):
                if let number = content.publishNumber {
                    self.ledger.returned(number, replyCode: replyCode, into: &self.resolutions)
                }
            }
        }
    }

    private func channelClosed(
        _ channel: UInt16, _ replyCode: Int, _ text: String, _ session: BrokerSession
    ) throws(AMQPError) {
        self.statistics.channelErrors += 1
        let error = AMQPError.refusal(
            .channelClosed, operation: "channel.close", replyCode: replyCode, text: text)
        self.logger.warning(
            "the broker closed a channel",
            metadata: ["amqp.channel": "\(channel)", "error.code": "\(replyCode)", "amqp.error": "\(error)"])
        if channel == Self.publishChannel {
            try self.publishChannelClosed(error, session)
        } else if let id = self.channelOwners.removeValue(forKey: channel) {
            self.consumerChannelClosed(id, error)
        }
    }
}
