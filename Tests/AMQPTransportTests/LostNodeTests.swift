import AMQP
import AMQPTransport
import Gateway
import GatewayTestSupport
import SHS
import ServiceLifecycle
import Synchronization
import Testing

/// A cluster of two nodes, one of which dies with the reply queues that live on it.
@Suite(.timeLimit(.minutes(4)), .enabled(if: PrivateBroker.isAvailable))
struct LostNodeTests {
    private let keyring = KeyringFolder()

    /// One ingress, as far as the broker knows it.
    private final class Replies: Sendable {
        let transport: AMQPIngressTransport
        let run: RunningServices
        private let received: Mutex<[TransactionID]>

        init(_ configuration: AMQPConfiguration, _ queue: String, _ keyring: Keyring) {
            let address = ReplyAddress(queue)
            let connections = BrokerConnections(
                configuration: configuration, topology: LostNodeTests.topology(queue), role: "ingress")
            let transport = AMQPIngressTransport(
                connections: connections, keyring: keyring, replyAddress: address, clock: SystemClock())
            self.transport = transport
            self.received = Mutex([])
            let (stream, continuation) = AsyncStream.makeStream(of: TransactionID.self)
            self.run = RunningServices(
                connections.services + [
                    Receiving {
                        try await transport.receiveReplies { continuation.yield($0.transaction) }
                        continuation.finish()
                    }
                ])
            Task { for await transaction in stream { self.received.withLock { $0.append(transaction) } } }
        }

        var receivedNow: [TransactionID] { self.received.withLock { $0 } }
    }

    private static func topology(_ queue: String) -> Topology {
        GatewayTopology(configuration: .init(), shards: 1).reply(to: ReplyAddress(queue))
    }

    private static func configuration(_ brokers: PrivateBroker...) -> AMQPConfiguration {
        var configuration = AMQPConfiguration()
        configuration.addresses = brokers.map { BrokerAddress(host: "127.0.0.1", port: $0.port) }
        configuration.credentials = .password(user: PrivateBroker.user, password: PrivateBroker.password)
        return configuration
    }

    private static func wait(_ what: Comment, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            if ContinuousClock.now > deadline {
                Issue.record(what)
                throw CancellationError()
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func `an ingress whose reply queue's node is away takes another queue and receives there`() async throws {
        let lost = try await PrivateBroker.start()
        let left = try await PrivateBroker.start(joining: lost)
        let names = ["shs.reply.stays", "shs.reply.comes"]
        // Both queues live on the node that will be lost.
        for name in names {
            let home = BrokerConnections.shared(
                configuration: Self.configuration(lost), topology: Self.topology(name), role: "home")
            let run = RunningServices(home.services)
            try await home.publisher.waitUntilConnected(timeout: .seconds(20))
            try await run.stop()
        }
        let connections = BrokerConnections(
            configuration: Self.configuration(left), topology: Topology(), role: "correlator")
        let correlator = AMQPCorrelatorTransport(
            connections: connections, keyring: try self.keyring.keyring(AMQPCorrelatorTransport.lanes),
            configuration: CorrelateConfiguration())
        let run = RunningServices(connections.services)
        let lanes = try self.keyring.keyring(AMQPIngressTransport.lanes)

        // Its connections outlive the node, its subscription does not.
        let stays = Replies(Self.configuration(left), names[0], lanes)
        try await Self.wait("the first ingress connects") { stays.transport.isAvailable }
        try await Self.wait("the correlator connects") { connections.publisher.isConnected }
        let replies = (0..<5).map { _ in
            Reply(transaction: .random(), outcome: .fault(.internalError), sections: SectionCount())
        }
        try await correlator.publish(replies[0], to: stays.transport.replyAddress)
        try await Self.wait("a reply on the first queue") { stays.receivedNow.count == 1 }
        #expect(stays.transport.replyAddress.text == names[0])

        try await lost.kill()
        try await Self.wait("another queue takes its place") { stays.transport.replyAddress.text != names[0] }
        #expect(stays.transport.replyAddress.text == names[0] + ".1")
        try await Self.wait("it is declared") {
            (try? await correlator.publish(replies[1], to: stays.transport.replyAddress)) != nil
        }
        try await Self.wait("a reply on the second queue") { stays.receivedNow.count == 2 }
        // Who waits for one on the lost queue is given up by the correlator, and told so when the time is up.
        await #expect(throws: TransportError.unreachable) {
            try await correlator.publish(replies[2], to: ReplyAddress(names[0]))
        }

        // This one comes to the node that is left, as after the loss of its connections.
        let comes = Replies(Self.configuration(lost, left), names[1], lanes)
        try await Self.wait("the second ingress connects") { comes.transport.isAvailable }
        #expect(comes.transport.replyAddress.text == names[1] + ".1")
        try await correlator.publish(replies[3], to: comes.transport.replyAddress)
        try await Self.wait("a reply for the second ingress") { comes.receivedNow.count == 1 }

        // The node's return changes nothing.
        try await lost.startAgain()
        try await correlator.publish(replies[4], to: stays.transport.replyAddress)
        try await Self.wait("a reply after the return") { stays.receivedNow.count == 3 }
        #expect(stays.receivedNow == [replies[0], replies[1], replies[4]].map(\.transaction))
        #expect(comes.receivedNow == [replies[3].transaction])
        #expect(stays.transport.replyAddress.text == names[0] + ".1")

        for run in [stays.run, comes.run, run] { try await run.stop() }
        try await left.stop()
        try await lost.stop()
    }
}
