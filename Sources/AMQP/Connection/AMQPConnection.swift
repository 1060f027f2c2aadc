package import Logging
internal import ServiceLifecycle

/// One connection to a RabbitMQ broker that stays: it connects, declares its topology, publishes, consumes, and after a
/// loss does all of it again until it is shut down.
///
/// All talk with the broker is done by one thread of its own; the methods here only hand over work and wait for
/// answers. Use one connection for publishing and another for consuming: a broker that holds a publisher back stops
/// reading from the whole connection, acknowledgements included.
///
/// An orderly end, by shutdown or retirement, refuses new publishes, cancels the consumers, waits for at most the
/// configured time for outstanding confirms and settlements, and closes. A publish that answers a delivery of this
/// connection is still taken meanwhile.
package final class AMQPConnection: Service, Sendable {
    package let configuration: AMQPConfiguration
    private let topology: any TopologySource
    private let logger: Logger
    private let inbox: ConnectionInbox

    package init(configuration: AMQPConfiguration, topology: any TopologySource = Topology(), logger: Logger) {
        self.configuration = configuration
        self.topology = topology
        self.logger = logger
        self.inbox = ConnectionInbox(failsFastWhenBlocked: configuration.failsFastWhenBlocked)
    }

    /// Runs until graceful shutdown or cancellation.
    ///
    /// Throws only for a configuration that cannot work, or when it has run before.
    package func run() async throws {
        try self.configuration.validate()
        guard self.inbox.start() else { throw AMQPError(.shutDown, operation: "run") }
        let (configuration, topology, inbox, logger) = (self.configuration, self.topology, self.inbox, self.logger)
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await LoopThread.run(named: configuration.connectionName) {
                    ConnectionLoop(configuration, topology, inbox, logger).run()
                }
            } onGracefulShutdown: {
                inbox.requestStop(.draining)
            }
        } onCancel: {
            inbox.requestStop(.immediate)
        }
    }

    // MARK: End

    /// Ends it in an orderly way, since another has taken its place; returns at once.
    package func retire() { self.inbox.requestStop(.retiring) }

    /// Ends it now, as cancellation does; returns at once.
    package func close() { self.inbox.requestStop(.immediate) }

    // MARK: State

    package var isConnected: Bool { self.status.isConnected }
    package var isBlocked: Bool { self.status.isBlocked }
    package var status: AMQPConnectionStatus { self.inbox.status }
    package var statistics: AMQPStatistics { self.status.statistics }

    /// Returns as soon as there is a connection with its topology; throws `.timedOut` with the reason of the last failed
    /// attempt as its detail, or `.shutDown`.
    package func waitUntilConnected(timeout: Duration) async throws(AMQPError) {
        if await self.inbox.waitUntilConnected(timeout: timeout) { return }
        let status = self.status
        throw AMQPError(
            status.isStopped ? .shutDown : .timedOut, operation: "connect", replyCode: status.lastError?.replyCode,
            detail: status.lastError?.description)
    }

    // MARK: Publishing

    /// Publishes and returns when the broker has confirmed: a quorum queue has it on disk on a majority of its nodes.
    ///
    /// Bounded by the confirm time-out, so it does not react to cancellation: the message is on its way, and only the
    /// answer says whether it arrived. `mandatory` asks for `.returned` when no queue is bound for the message. A delivery
    /// of this connection that the message answers is acknowledged when the message is confirmed, and left alone otherwise.
    package func publish(
        _ message: AMQPMessage, exchange: String, routingKey: String, mandatory: Bool = true,
        acknowledging delivery: AMQPDelivery? = nil
    ) async throws(AMQPError) {
        let deadline = self.inbox.now() + self.configuration.confirmTimeout
        let error = await withCheckedContinuation { (continuation: CheckedContinuation<AMQPError?, Never>) in
            let publication = AMQPPublication(
                message, exchange: exchange, routingKey: routingKey, isMandatory: mandatory)
            let refusal =
                publication.invalidity
                ?? self.inbox.submit(
                    PublishRequest(
                        publication: publication, deadline: deadline,
                        waiter: .single(continuation, acknowledging: delivery?.tag)))
            if let refusal { continuation.resume(returning: refusal) }
        }
        if let error { throw error }
    }

    /// Publishes in order and returns when each message has its answer; one result per message, in the same order.
    package func publishAll(_ publications: [AMQPPublication]) async -> [Result<Void, AMQPError>] {
        if publications.isEmpty { return [] }
        let deadline = self.inbox.now() + self.configuration.confirmTimeout
        return await withCheckedContinuation { continuation in
            let batch = PublishBatch(count: publications.count, continuation: continuation)
            var requests: [PublishRequest] = []
            requests.reserveCapacity(publications.count)
            for (index, publication) in publications.enumerated() {
                let waiter = PublishWaiter.member(batch, index: index)
                if let invalidity = publication.invalidity {
                    waiter.resume(invalidity)
                } else {
                    requests.append(PublishRequest(publication: publication, deadline: deadline, waiter: waiter))
                }
            }
            if let refusal = self.inbox.submit(requests) {
                for request in requests { request.waiter.resume(refusal) }
            }
        }
    }

    // MARK: Consuming

    /// Subscribes to a queue, now or as soon as there is a connection, and again after every loss.
    ///
    /// `prefetch` (1 to 65,535) bounds the deliveries that are not settled yet. Arguments are passed on, for example
    /// `x-priority`, or `x-stream-offset` for a stream. At an orderly end of the connection the subscription is cancelled
    /// and what came can still be settled; one that `handsBack` is closed instead, and what it holds goes to the queue's
    /// next consumer at once.
    package func consume(
        queue: String, prefetch: Int, arguments: AMQPHeaders = [:], handsBack: Bool = false
    ) -> AMQPConsumer {
        let subscription = Subscription(
            id: self.inbox.makeConsumerID(), queue: queue, prefetch: UInt16(clamping: max(1, prefetch)),
            arguments: arguments, handsBack: handsBack, mailbox: ConsumerMailbox())
        self.inbox.submit(.subscribe(subscription))
        return AMQPConsumer(
            id: subscription.id, queue: queue, mailbox: subscription.mailbox, inbox: self.inbox)
    }

    /// Tells the broker what becomes of a delivery; returns at once.
    ///
    /// A delivery of a connection that is gone, or one that was settled before, is counted and otherwise ignored: the
    /// broker gives it out again by itself.
    package func settle(_ delivery: AMQPDelivery, _ disposition: AMQPDisposition) {
        self.inbox.submit(ConnectionInbox.Settlement(tag: delivery.tag, disposition: disposition))
    }

    /// Acknowledges many at once; neighbours become one frame.
    package func acknowledge(_ deliveries: [AMQPDelivery]) {
        self.acknowledge(deliveries.map(\.tag))
    }

    /// The same for those who keep only the tags.
    package func acknowledge(_ tags: [AMQPDeliveryTag]) {
        self.inbox.submit(tags.map { ConnectionInbox.Settlement(tag: $0, disposition: .acknowledge) })
    }

    // MARK: Queues

    /// Declares now, and again on every connect.
    package func declare(_ topology: Topology) async throws(AMQPError) {
        _ = try await self.request(.declare(topology))
    }

    package func inspect(queue: String) async throws(AMQPError) -> AMQPQueueReport {
        guard let report = try await self.request(.inspect(queue)) else {
            throw AMQPError(.requestRefused, operation: "queue.declare passive")
        }
        return report
    }

    /// Removes the messages that are ready; those that are held by consumers stay.
    package func purge(queue: String) async throws(AMQPError) { _ = try await self.request(.purge(queue)) }

    package func delete(queue: String) async throws(AMQPError) { _ = try await self.request(.delete(queue)) }

    private func request(_ request: QueueRequest) async throws(AMQPError) -> AMQPQueueReport? {
        try await withCheckedContinuation { self.inbox.submit(.request(request, $0)) }.get()
    }
}
