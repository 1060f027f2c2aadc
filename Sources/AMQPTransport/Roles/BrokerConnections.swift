package import AMQP
import Gateway
import Logging
import Observability
package import ServiceLifecycle

/// A process's connections: one to publish on and one to consume on, or one for both.
///
/// A broker that holds publishers back stops reading from their connection. Where acknowledgements free the broker, as the
/// correlator's and the ingress's do, they must get through on another one.
package struct BrokerConnections: Sendable {
    package let publisher: AMQPConnection
    package let consumer: AMQPConnection

    package init(configuration: AMQPConfiguration, topology: Topology, role: String) {
        var named = configuration
        named.connectionName = "\(role) publishes"
        self.publisher = AMQPConnection(configuration: named, topology: topology, logger: .gateway)
        named.connectionName = "\(role) consumes"
        self.consumer = AMQPConnection(configuration: named, topology: topology, logger: .gateway)
    }

    private init(_ connection: AMQPConnection) {
        self.publisher = connection
        self.consumer = connection
    }

    /// One connection for both, for a worker.
    ///
    /// A worker acknowledges nothing before the broker has confirmed the answer, so while
    /// its publishes are held back it has nothing to acknowledge. Half the threads and a third less work for the broker.
    package static func shared(configuration: AMQPConfiguration, topology: Topology, role: String) -> BrokerConnections
    {
        var named = configuration
        named.connectionName = role
        return BrokerConnections(AMQPConnection(configuration: named, topology: topology, logger: .gateway))
    }

    /// In the order of their start: they outlive the roles that use them.
    package var services: [any Service] {
        self.publisher === self.consumer ? [self.publisher] : [self.publisher, self.consumer]
    }

    var isAvailable: Bool {
        let status = self.publisher.status
        return status.isConnected && !status.isBlocked && self.consumer.isConnected
    }

    /// Publishes one sealed message straight to a queue.
    func publish(_ message: AMQPMessage, to queue: String) async throws(TransportError) {
        do throws(AMQPError) {
            try await self.publisher.publish(message, exchange: "", routingKey: queue)
        } catch {
            throw TransportError(error)
        }
    }
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
