import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// Other ways to put the roles together.
    struct WholeInOneTests {
        @Test func `serve runs all roles in one process`() async throws {
            let system = try await GatewaySystem(.init(name: "serve", roles: [.simulate, .serve]))
            try await self.ask(system)
            #expect(try await system.terminate(.serve, within: .seconds(15)) == 0)
            try await system.stop()
        }

        @Test func `TLS to the broker, with the client certificate as the login`() async throws {
            let system = try await GatewaySystem(
                .init(
                    name: "encrypted",
                    roles: [.simulate, .correlator, .worker(Role.providers), .ingress],
                    isEncrypted: true))
            try await self.ask(system)
            let users = try await system.broker.control(
                "list_connections", "--quiet", "user", "ssl", "auth_mechanism", "vhost")
            let own = users.split(separator: "\n").filter { $0.hasSuffix("\t\(system.plan.name)") }
            for role in ["ingress", "worker", "correlator"] {
                #expect(own.contains("\(role)\ttrue\tEXTERNAL\t\(system.plan.name)"), "\(users)")
            }
            #expect(own.allSatisfy { $0.contains("\ttrue\tEXTERNAL\t") })
            try await system.stop()
        }

        private func ask(_ system: GatewaySystem) async throws {
            try await system.run()
            let openssl = OpenSSL(pki: system.pki)
            let exchange = try await system.post(try await openssl.sign(RequestMessage(about: .withMuchData()).bytes))
            #expect(exchange.status == 200)
            let reply = try await ReplyMessage(exchange, checkedBy: openssl)
            #expect(reply.sections(0) == Role.providers.map { _ in "data" })
            #expect(try await reply.schemaComplaints() == [])
            #expect(try await TestBroker.leftovers(in: system.plan.name) == [:])
        }
    }
}
