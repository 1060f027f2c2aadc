package import AMQP
import Gateway
import Logging
import Observability
package import ServiceLifecycle

/// The two connections of a process: one to publish on, one to consume on.
///
/// A broker that holds publishers back stops reading from their connection; acknowledgements must still get through.
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

    /// In the order of their start: they outlive the roles that use them.
    package var services: [any Service] { [self.publisher, self.consumer] }

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
