package import AMQP
import Gateway
import Logging
import Observability
package import ServiceLifecycle
import Synchronization

/// A process's connections: one to publish on and one to consume on, or one for both.
///
/// A broker that holds publishers back stops reading from their connection. Where acknowledgements free the broker, as the
/// correlator's and the ingress's do, they must get through on another one.
///
/// The connections can be replaced while everything goes on, see ``renew(_:)``. Publishes go to the current one,
/// subscriptions follow, and the replaced ones live on until what came on them is answered. All of them run as children of
/// this one service.
///
/// A queue that is this process's own moves when its node is away, see ``own(_:)``: the same connections declare another
/// in its place, and its subscription follows.
package final class BrokerConnections: Service {
    /// Connections with the same configuration.
    private struct Generation {
        var number: Int
        var publisher: AMQPConnection
        var consumer: AMQPConnection

        var connections: [AMQPConnection] {
            self.publisher === self.consumer ? [self.publisher] : [self.publisher, self.consumer]
        }

        var isConnected: Bool { self.connections.allSatisfy(\.isConnected) }
    }

    private struct State {
        var current: Generation
        var lastNumber = 0
        var subscriptions: [MovingSubscription] = []
        var isEnding = false
    }

    private let state: Mutex<State>
    private let topology: RoleTopology
    private let role: String
    private let isShared: Bool
    /// Connections that are to run, in the order in which they were made.
    private let starting: AsyncStream<AMQPConnection>
    private let start: AsyncStream<AMQPConnection>.Continuation

    package convenience init(configuration: AMQPConfiguration, topology: Topology, role: String) {
        self.init(configuration, topology, role, isShared: false)
    }

    /// One connection for both, for a worker.
    ///
    /// A worker acknowledges nothing before the broker has confirmed the answer, so while
    /// its publishes are held back it has nothing to acknowledge. Half the threads and a third less work for the broker.
    package static func shared(configuration: AMQPConfiguration, topology: Topology, role: String) -> BrokerConnections
    {
        BrokerConnections(configuration, topology, role, isShared: true)
    }

    private init(_ configuration: AMQPConfiguration, _ topology: Topology, _ role: String, isShared: Bool) {
        let topology = RoleTopology(topology)
        (self.topology, self.role, self.isShared) = (topology, role, isShared)
        (self.starting, self.start) = AsyncStream.makeStream()
        let first = Self.generation(0, configuration, topology, role, isShared: isShared)
        self.state = Mutex(State(current: first))
        for connection in first.connections { self.start.yield(connection) }
    }

    private static func generation(
        _ number: Int, _ configuration: AMQPConfiguration, _ topology: RoleTopology, _ role: String, isShared: Bool
    ) -> Generation {
        func connection(_ name: String) -> AMQPConnection {
            var named = configuration
            named.connectionName = name
            return AMQPConnection(configuration: named, topology: topology, logger: .gateway)
        }
        if isShared {
            let connection = connection(role)
            return Generation(number: number, publisher: connection, consumer: connection)
        }
        return Generation(
            number: number, publisher: connection("\(role) publishes"), consumer: connection("\(role) consumes"))
    }

    // MARK: Run

    /// In the order of their start: they outlive the roles that use them.
    package var services: [any Service] { [self] }

    /// Runs the current connections, those that replace them, and the replaced ones until they are done.
    package func run() async throws {
        defer { self.end() }
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { for await move in self.topology.moves { self.follow(move) } }
                for await connection in self.starting {
                    group.addTask {
                        do {
                            try await connection.run()
                        } catch {
                            // Otherwise the loop above would wait on.
                            self.end()
                            throw error
                        }
                    }
                }
            }
        } onGracefulShutdown: {
            self.end()
        }
    }

    private func end() {
        self.state.withLock { $0.isEnding = true }
        self.start.finish()
        self.topology.end()
    }

    // MARK: Use

    /// The connection that is in use at this moment.
    package var publisher: AMQPConnection { self.state.withLock { $0.current.publisher } }
    /// The connection that is in use at this moment; deliveries are settled on the one that they came from.
    package var consumer: AMQPConnection { self.state.withLock { $0.current.consumer } }

    var isAvailable: Bool {
        let current = self.state.withLock { $0.current }
        let status = current.publisher.status
        return status.isConnected && !status.isBlocked && current.consumer.isConnected
    }

    /// Publishes one sealed message straight to a queue.
    ///
    /// A connection that was replaced between the question which one it is and the hand-over takes nothing and says so:
    /// then the message goes to the next one.
    func publish(_ message: AMQPMessage, to queue: String) async throws(TransportError) {
        while true {
            let publisher = self.publisher
            do throws(AMQPError) {
                return try await publisher.publish(message, exchange: "", routingKey: queue)
            } catch {
                if error.code != .shutDown || publisher === self.publisher { throw TransportError(error) }
            }
        }
    }

    /// Publishes in order, all on one connection; one result per message.
    ///
    /// A connection that was replaced takes all of them or none.
    func publishAll(_ publications: [AMQPPublication]) async -> [Result<Void, AMQPError>] {
        while true {
            let publisher = self.publisher
            let results = await publisher.publishAll(publications)
            let wasRefused = results.contains { $0.error?.code == .shutDown }
            if !wasRefused || publisher === self.publisher { return results }
        }
    }

    /// Subscribes on the current connection, and on every one that replaces it.
    func consume(queue: String, prefetch: Int, handsBack: Bool = false) -> MovingSubscription {
        // Under the lock, like everything that a renewal or a move must not come between: handing over to a connection
        // never waits.
        self.state.withLock { state in
            let subscription = MovingSubscription(
                queue: self.topology.name(of: queue), prefetch: prefetch, handsBack: handsBack)
            state.subscriptions.removeAll(where: \.hasEnded)
            state.subscriptions.append(subscription)
            subscription.move(to: state.current.consumer)
            return subscription
        }
    }

    /// Acknowledges what came on the connection that is in use, and passes over the rest.
    func acknowledgeCurrent(_ held: [HeldDelivery]) {
        self.state.withLock { state in
            let consumer = state.current.consumer
            consumer.acknowledge(held.filter { $0.connection === consumer }.map(\.tag))
        }
    }

    // MARK: Own queue

    /// Says that only this process reads that queue, so that another may take its place when its node is away.
    func own(_ queue: String) { self.topology.own(queue) }

    /// The name that counts for a queue at this moment; of one that is not this process's own there is only one.
    func name(of queue: String) -> String { self.topology.name(of: queue) }

    /// The connection that was refused the old queue has declared the new one, or the subscription's own will.
    private func follow(_ move: RoleTopology.Move) {
        self.state.withLock { state in
            for subscription in state.subscriptions where subscription.queue == move.from {
                subscription.move(to: state.current.consumer, queue: move.to)
            }
        }
    }

    // MARK: Renew

    /// Replaces the connections by others with this configuration, without a gap and without losing anything.
    ///
    /// Make before break: returns when the new ones stand, with their topology, and everything new goes to them; the
    /// replaced ones answer and settle what came on them, for at most their retirement time-out, and close. When the broker
    /// refuses the new ones, or they do not stand within the renewal time-out while the old ones do, the old ones stay in
    /// use and the error says why. While the broker cannot be reached at all the new ones take over and go on trying.
    /// Of several renewals at the same time the one that was asked for last wins. Does nothing once the process is ending.
    package func renew(_ configuration: AMQPConfiguration) async throws(AMQPError) {
        do throws(AMQPError) {
            try configuration.validate()
        } catch {
            throw Self.recorded(error)
        }
        let next: Generation? = self.state.withLock { state in
            if state.isEnding { return nil }
            state.lastNumber += 1
            return Self.generation(
                state.lastNumber, configuration, self.topology, self.role, isShared: self.isShared)
        }
        guard let next else { return }
        for connection in next.connections { self.start.yield(connection) }
        do throws(AMQPError) {
            try await self.waitUntilConnected(next, for: configuration.renewalTimeout)
        } catch {
            let (hasEnded, isConnected) = self.state.withLock { ($0.isEnding, $0.current.isConnected) }
            let isEnding = hasEnded || error.code == .shutDown
            if isEnding || isConnected || error.isRefusal || Task.isCancelled {
                for connection in next.connections { connection.close() }
                if isEnding { return }
                throw Self.recorded(error)
            }
        }
        self.replace(by: next)
    }

    private static func recorded(_ error: AMQPError) -> AMQPError {
        Logger.gateway.error(
            "The new connections to the broker failed, the old ones stay in use",
            metadata: [LogKeys.reason: "\(error)"])
        return error
    }

    /// A refusal ends the wait at once, unless the broker treats the current connections no better: then it may be about
    /// to start.
    private func waitUntilConnected(_ next: Generation, for limit: Duration) async throws(AMQPError) {
        let deadline = ContinuousClock.now + limit
        while let missing = next.connections.first(where: { !$0.isConnected }) {
            do throws(AMQPError) {
                try await missing.waitUntilConnected(timeout: min(.milliseconds(100), deadline - .now))
            } catch {
                let isOver = ContinuousClock.now >= deadline || Task.isCancelled || missing.status.isStopped
                let refusal = missing.status.lastError.flatMap { $0.isRefusal ? $0 : nil }
                if let refusal, isOver || self.state.withLock({ $0.current.isConnected }) { throw refusal }
                if isOver { throw error }
            }
        }
    }

    /// Nothing may come in between: who asks afterwards gets the new ones, who asked before is let finish on the old.
    private func replace(by next: Generation) {
        let isReplaced = self.state.withLock { state in
            if state.current.number > next.number || state.isEnding {
                for connection in next.connections { connection.close() }
                return false
            }
            for subscription in state.subscriptions { subscription.move(to: next.consumer) }
            for connection in state.current.connections { connection.retire() }
            state.current = next
            return true
        }
        if isReplaced { Logger.gateway.notice("The connections to the broker were renewed") }
    }
}

/// A delivery that is settled later, and where it came from.
struct HeldDelivery {
    let tag: AMQPDeliveryTag
    let connection: AMQPConnection
}

extension TransportError {
    /// What a broker's refusal means to the one who published.
    init(_ error: AMQPError) {
        self =
            switch error.code {
            case .returned: .unreachable
            case .rejected, .invalidMessage, .requestRefused: .rejected
            case .confirmTimedOut, .connectionLost, .timedOut, .channelClosed: .unconfirmed
            case .notConnected, .connectFailed, .authenticationRefused, .tlsFailed, .blocked, .invalidConfiguration,
                .shutDown:
                .unavailable
            }
    }
}
