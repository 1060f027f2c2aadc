import GatewayTestSupport
import Testing

@testable import AMQP

extension BrokerTests {
    /// Several nodes to choose from.
    struct AddressesTests {
        @Test func `nodes that are away are passed over without waiting`() async throws {
            let broker = try await PrivateBroker.shared()
            let away = try LoopbackPort.free(3)
            // Wherever each of them begins, some meet a node that is away first.
            try await Running.connections(
                8, to: broker,
                configure: { configuration in
                    configuration.port = away[0]
                    configuration.addresses = (away + [broker.port]).map { BrokerAddress(host: "127.0.0.1", port: $0) }
                    // Longer than the connections are waited for.
                    configuration.backOffMinimum = .seconds(60)
                    configuration.backOffMaximum = .seconds(60)
                }
            ) { connections in
                let connected = connections.count { $0.isConnected }
                #expect(connected == connections.count)
            }
        }

        @Test func `an address that cannot be one is refused`() {
            var configuration = AMQPConfiguration()
            configuration.addresses = [BrokerAddress(host: "a", port: 5_672), BrokerAddress(host: "", port: 1)]
            #expect(throws: AMQPError(.invalidConfiguration, operation: "addresses")) { try configuration.validate() }
        }
    }
}
