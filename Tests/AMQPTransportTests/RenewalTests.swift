import AMQP
import AMQPTransport
import Gateway
import GatewayTestSupport
import Logging
import SSBTEK
import ServiceLifecycle
import Synchronization
import Testing

/// Replacing the connections of running roles, on a real broker.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: PrivateBroker.isAvailable))
struct RenewalTests {
    private let keyring = KeyringFolder()

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

    @Test func `certificates in quick succession under load: nothing fails, is lost or comes twice`() async throws {
        let host = try await BrokerHost.named("renewal")
        let count = Atomic(0)
        let roles = try RunningRoles(host, try await host.configuration(organisation: "first"), keyring: self.keyring) {
            _ in
            // One in fifty is slow, so that there is always something in the middle.
            let isSlow = count.add(1, ordering: .relaxed).newValue % 50 == 0
            try? await Task.sleep(for: isSlow ? .seconds(2) : .milliseconds(.random(in: 0...20)))
        }
        try await roles.waitUntilConnected()
        var used = roles.current
        let peers = try await host.peers()
        #expect(peers == Array(repeating: "CN=gateway,O=first", count: 5))
        try await roles.underLoad(lanes: 24) {
            try await Task.sleep(for: .seconds(1))
            for organisation in ["second", "third", "fourth", "fifth", "last"] {
                let configuration = try await host.configuration(organisation: organisation)
                for connections in roles.connections { try await connections.renew(configuration) }
                used += roles.current
                try await Task.sleep(for: .milliseconds(400))
            }
        }
        let fates = roles.fatesNow
        #expect(fates.count > 100)
        #expect(fates.compactMap(\.failure) == [])
        #expect(fates.count { $0.replies != 1 } == 0)
        #expect(fates.count { $0.data != 2 || $0.errors != 0 } == 0)
        #expect(fates.count { fate in RunningRoles.providers.contains { fate.asked[$0] != 1 } } == 0)

        // The replaced ones have answered what they had, and are gone.
        try await Self.wait("the replaced connections close") { used.dropLast(5).allSatisfy(\.status.isStopped) }
        try await Self.wait("only the last are left") {
            try await host.peers() == Array(repeating: "CN=gateway,O=last", count: 5)
        }
        for connection in used {
            let statistics = connection.statistics
            #expect(statistics.staleSettlements == 0, "\(connection.configuration.connectionName)")
            #expect(statistics.confirmed == statistics.published)
            #expect(statistics.connects == 1 && statistics.connectionLosses == 0 && statistics.channelErrors == 0)
        }
        let queues = GatewayTopology(configuration: .init(), shards: RunningRoles.shards).shared.queues
        for queue in queues.map(\.name) {
            try await Self.wait("\(queue) is empty") {
                try await roles.worker.publisher.inspect(queue: queue).readyMessages == 0
            }
        }
        try await roles.stop()
    }

    @Test func `a correlator that renews hands its shards to the one that stands by, and back`() async throws {
        let host = try await BrokerHost.named("standby")
        let roles = try RunningRoles(host, host.configuration, keyring: self.keyring, correlators: 2) { _ in
            try? await Task.sleep(for: .milliseconds(.random(in: 0...40)))
        }
        try await roles.waitUntilConnected()
        let used = roles.current
        let certified = try await host.configuration(organisation: "first")
        try await roles.underLoad(lanes: 24) {
            for _ in 0..<4 {
                for correlator in roles.correlators {
                    try await Task.sleep(for: .milliseconds(300))
                    try await correlator.renew(certified)
                }
            }
        }
        let fates = roles.fatesNow
        #expect(fates.count > 100)
        // A reply that was on its way when the shard went may be sent by both, as after a crash; the ingress keeps one.
        #expect(fates.allSatisfy { $0.failure == nil && $0.data == 2 && $0.errors == 0 })
        #expect(fates.allSatisfy { fate in RunningRoles.providers.allSatisfy { fate.asked[$0] == 1 } })
        #expect((used + roles.current).allSatisfy { $0.statistics.staleSettlements == 0 })
        try await roles.stop()
    }

    @Test func `what the broker refuses leaves the old connections in use, and the error says why`() async throws {
        let host = try await BrokerHost.named("refused")
        let roles = try RunningRoles(host, try await host.configuration(organisation: "first"), keyring: self.keyring) {
            _ in
        }
        try await roles.waitUntilConnected()
        let used = roles.current
        let pki = host.broker.pki
        var stranger = host.configuration(certificate: pki.strangerCertificate, key: pki.strangerKey)
        stranger.renewalTimeout = .seconds(1)
        var authority = try await host.configuration(organisation: "first")
        authority.tls?.certificateAuthorities = pki.strangerCertificate
        var file = authority
        file.tls?.certificate = "/nowhere.pem"
        var password = host.configuration
        password.credentials = .password(user: PrivateBroker.user, password: "wrong")
        var silent = host.configuration
        silent.port = try LoopbackPort.free(1)[0]
        silent.renewalTimeout = .milliseconds(300)
        var range = host.configuration
        range.port = 0
        let cases: [(AMQPConfiguration, [AMQPError.Code])] = [
            (stranger, [.tlsFailed, .timedOut]), (authority, [.tlsFailed]), (file, [.tlsFailed]),
            (password, [.authenticationRefused]), (silent, [.timedOut]), (range, [.invalidConfiguration]),
        ]
        try await roles.underLoad(lanes: 8) {
            for (configuration, codes) in cases {
                for connections in roles.connections {
                    let started = ContinuousClock.now
                    do throws(AMQPError) {
                        try await connections.renew(configuration)
                        Issue.record("taken: \(codes)")
                    } catch {
                        #expect(codes.contains(error.code), "\(error)")
                        #expect(error.code == .invalidConfiguration || error.status != nil || error.detail != nil)
                    }
                    #expect(ContinuousClock.now - started < .seconds(5))
                }
            }
        }
        #expect(zip(used, roles.current).allSatisfy { $0 === $1 })
        #expect(used.allSatisfy { $0.isConnected && $0.statistics.connects == 1 })
        #expect(roles.fatesNow.count > 10)
        #expect(roles.fatesNow.allSatisfy { $0.failure == nil && $0.replies == 1 })
        try await roles.stop()
    }

    @Test func `an item in the middle is answered on the connection that it came on, and asked for once`() async throws
    {
        let host = try await BrokerHost.named("slow")
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let isFirst = Atomic(true)
        let roles = try RunningRoles(host, host.configuration, keyring: self.keyring) { item in
            if item.slot.provider == .csn, isFirst.exchange(false, ordering: .relaxed) {
                for await _ in gate {}
            }
        }
        try await roles.waitUntilConnected()
        let worker = roles.worker
        let old = worker.publisher
        async let slow: Void = roles.request()
        try await Self.wait("the item is being worked on") { !isFirst.load(ordering: .relaxed) }
        try await worker.renew(host.configuration(organisation: "first"))
        #expect(worker.publisher !== old)
        // The new connection works while the old one waits.
        for _ in 0..<10 { await roles.request() }
        #expect(!old.status.isStopped && old.isConnected)
        open.finish()
        await slow
        try await Self.wait("the old connection closes") { old.status.isStopped }
        #expect(old.statistics.staleSettlements == 0)
        #expect(roles.fatesNow.count == 11)
        #expect(roles.fatesNow.allSatisfy { $0.failure == nil && $0.data == 2 && $0.asked == [.af: 1, .csn: 1] })
        try await roles.stop()
    }

    @Test func `of two renewals at once the later stays`() async throws {
        let host = try await BrokerHost.named("latest")
        let connections = host.connections(Topology(), role: "one")
        let run = RunningServices(connections.services)
        try await connections.publisher.waitUntilConnected(timeout: .seconds(20))
        var slow = host.configuration
        slow.port = try LoopbackPort.free(1)[0]
        slow.renewalTimeout = .seconds(1)
        let first = Task { [slow] in try await connections.renew(slow) }
        let certified = try await host.configuration(organisation: "first")
        try await connections.renew(certified)
        await #expect(throws: AMQPError.self) { try await first.value }
        #expect(connections.publisher.configuration.port == certified.port)
        for _ in 0..<3 { try await connections.renew(certified) }
        #expect(connections.publisher.isConnected && connections.consumer.isConnected)
        try await Self.wait("two connections are left") { try await host.peers().count == 2 }
        try await run.stop()
        try await Self.wait("none is left") { try await host.peers().isEmpty }
    }

    @Test func `once the process is ending a renewal does nothing`() async throws {
        let host = try await BrokerHost.named("ended")
        let connections = host.connections(Topology(), role: "one")
        let run = RunningServices(connections.services)
        try await connections.publisher.waitUntilConnected(timeout: .seconds(20))
        let old = connections.publisher
        try await run.stop()
        try await connections.renew(host.configuration)
        #expect(connections.publisher === old && old.status.isStopped)

        // The end in the middle of a renewal.
        let others = host.connections(Topology(), role: "two")
        let otherRun = RunningServices(others.services)
        try await others.publisher.waitUntilConnected(timeout: .seconds(20))
        var silent = host.configuration
        silent.port = try LoopbackPort.free(1)[0]
        let renewal = Task { [silent] in try await others.renew(silent) }
        try await Task.sleep(for: .milliseconds(300))
        try await otherRun.stop()
        try await renewal.value
        #expect(others.publisher.configuration.port == host.configuration.port)
    }

    @Test func `while the broker is away new credentials are simply taken`() async throws {
        let broker = try await PrivateBroker.start()
        let host = BrokerHost(name: "/", broker: broker)
        let connections = host.connections(
            Topology(queues: [QueueDeclaration(name: "away", kind: .classic)]), role: "one")
        let run = RunningServices(connections.services)
        try await connections.publisher.waitUntilConnected(timeout: .seconds(20))
        let old = connections.publisher
        var configuration = try await host.configuration(organisation: "first")
        configuration.renewalTimeout = .milliseconds(500)
        try await broker.kill()
        try await Self.wait("the loss") { !old.isConnected }
        try await connections.renew(configuration)
        try await Self.wait("the old ones give up") { old.status.isStopped }
        try await broker.startAgain()
        try await connections.publisher.waitUntilConnected(timeout: .seconds(20))
        try await connections.consumer.waitUntilConnected(timeout: .seconds(20))
        let peers = try await host.peers()
        #expect(peers == Array(repeating: "CN=gateway,O=first", count: 2))
        #expect(try await connections.publisher.inspect(queue: "away").readyMessages == 0)
        try await run.stop()
        try await broker.stop()
    }
}
