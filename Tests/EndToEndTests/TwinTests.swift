import Testing

extension EndToEndTests {
    /// Two processes of each role: one may end at any time, orderly or not, and nobody outside sees it.
    struct TwinTests {
        private static let worker = Role.worker(Role.providers)
        private static let members = [
            Role.correlator, .correlator.twin, worker, worker.twin, .ingress, .ingress.twin,
        ]

        private static let systemTask = Task {
            try await GatewaySystem(.init(name: "twins", roles: [.simulate] + Self.members))
        }

        @Test func `a rolling restart of every process under load fails nothing`() async throws {
            let system = try await Self.systemTask.value
            try await system.run(["latency=300ms"])
            try await system.waitUntilReady(.ingress.twin)
            let load = try BalancedLoad(system, [.ingress, .ingress.twin])
            async let running: Void = load.run(rate: SteadyLoad.rate)
            for role in Self.members {
                #expect(try await system.terminate(role) == 0, "\(role.name)")
                try await system.start(role)
                if role.kind == "ingress" { try await system.waitUntilReady(role) }
            }
            try await Task.sleep(for: .seconds(1))
            load.stop()
            await running
            await load.shutdown()

            #expect(load.failures == [])
            #expect(load.results.count > 2 * SteadyLoad.rate)
            // The target of the operating agreement.
            #expect(load.results.allSatisfy { $0.ended - $0.sent < .seconds(7) })
            try await self.check(load, OpenSSL(pki: system.pki))
            #expect(try await TestBroker.leftovers(in: "twins") == [:])
        }

        @Test func `two hundred open transactions of a killed correlator are answered by the other`() async throws {
            let system = try await Self.systemTask.value
            // A debug build on a busy machine needs its time for two hundred at once, and for as many new connections to
            // each base service.
            var settings = ["SHS_DEADLINE_TARGET": "60s", "SHS_INGRESS_LIMITS_CONNECTIONS_PER_PEER": "500"]
            for provider in ["AF", "CSN", "FK", "SKV", "SO", "TNS", "MIV"] {
                settings["SHS_PROVIDERS_\(provider)_CONNECT_TIMEOUT"] = "30s"
            }
            try await system.run(["latency=8s"], settings: settings)
            try await system.waitUntilReady(.ingress.twin)
            let load = try BalancedLoad(system, [.ingress, .ingress.twin])
            async let burst: Void = load.burst(200, within: .seconds(6))
            try await Task.sleep(for: .seconds(7))
            try await system.kill(.correlator)
            let death = load.now
            await burst
            await load.shutdown()
            try await system.start(.correlator)

            #expect(load.failures == [])
            #expect(load.results.count == 200)
            let open = load.results.filter { $0.sent < death && $0.ended > death }
            #expect(open.count > 150)
            let last = (open.map(\.ended).max() ?? death) - death
            // The release build takes less than five; see `./run chaos`.
            #expect(last < .seconds(30), "\(last)")
            try await self.check(load, OpenSSL(pki: system.pki))
            #expect(try await TestBroker.leftovers(in: "twins") == [:])
        }

        /// Every reply is signed, complete, and of the transaction that was asked for.
        private func check(_ load: BalancedLoad, _ openssl: OpenSSL) async throws {
            for result in load.results {
                let reply = try await ReplyMessage(result.reply, checkedBy: openssl)
                #expect(reply.attribute("tx.id") == result.txID)
                #expect(reply.parts.count == 1)
                let sections = reply.sections(0)
                #expect(sections.allSatisfy { $0 == "data" || $0.hasPrefix("BT") }, "\(sections)")
            }
        }
    }
}
