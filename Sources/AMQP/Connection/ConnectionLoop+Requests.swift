/// Queue requests and the ends of subscriptions, in the order in which they were asked for.
extension ConnectionLoop {
    func performRequests(_ session: BrokerSession) throws(AMQPError) {
        while let command = self.requests.popFirst() {
            switch command {
            case .subscribe(let subscription):
                self.add(subscription)
            case .close(let id):
                try self.close(id, session)
            case .cancel(let id, let continuation):
                // Agreed or gone: both mean that no more is coming.
                defer { continuation?.resume() }
                try self.cancel(id, session)
            case .request(let request, let continuation):
                do throws(AMQPError) {
                    continuation.resume(returning: .success(try self.perform(request, session)))
                } catch {
                    continuation.resume(returning: .failure(error))
                    if error.code != .requestRefused { throw error }
                }
            }
        }
    }

    private func perform(_ request: QueueRequest, _ session: BrokerSession) throws(AMQPError) -> AMQPQueueReport? {
        let channel = Self.requestChannel
        var report: AMQPQueueReport?
        switch request {
        case .declare(let topology):
            try self.declareTopology(topology, session)
            self.declared.merge(topology)
            return nil
        case .inspect(let queue):
            try session.openChannel(channel)
            report = try session.inspect(queue: queue, channel: channel)
        case .purge(let queue):
            try session.openChannel(channel)
            try session.purge(queue: queue, channel: channel)
        case .delete(let queue):
            try session.openChannel(channel)
            try session.delete(queue: queue, channel: channel)
        }
        try session.closeChannel(channel)
        return report
    }

    /// Exchanges before queues, since a dead-letter exchange should be there first; bindings last.
    func declareTopology(_ topology: Topology, _ session: BrokerSession) throws(AMQPError) {
        if topology.isEmpty { return }
        let channel = Self.requestChannel
        try session.openChannel(channel)
        for exchange in topology.exchanges { try session.declare(exchange, channel: channel) }
        for queue in topology.queues { try session.declare(queue, channel: channel) }
        for binding in topology.bindings { try session.declare(binding, channel: channel) }
        try session.closeChannel(channel)
    }
}
