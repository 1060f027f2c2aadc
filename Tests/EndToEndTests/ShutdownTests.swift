import Testing

extension EndToEndTests {
    /// SIGTERM ends every role in its own time, and what is in flight meanwhile is not lost.
    struct ShutdownTests {
        @Test(arguments: [Role.ingress, .worker("CSN"), .correlator])
        func `a role ends orderly while a request is in flight`(role: Role) async throws {
            let system = try await SharedSystem.main(["latency=1500ms"])
            let openssl = OpenSSL(pki: system.pki)
            let message = try await openssl.sign(RequestMessage(about: .withMuchData()).bytes)
            async let answer = system.post(message)
            try await Task.sleep(for: .milliseconds(700))
            #expect(try await system.terminate(role, within: .seconds(15)) == 0)
            try await system.start(role)
            let exchange = try await answer
            #expect(exchange.status == 200)
            #expect(exchange.seconds < 7)
            let reply = try await ReplyMessage(exchange, checkedBy: openssl)
            #expect(reply.sections(0) == Role.providers.map { _ in "data" })
            #expect(try await TestBroker.leftovers(in: system.plan.name) == [:])
        }

        @Test func `every role ends with 0 when nothing is in flight`() async throws {
            let system = try await SharedSystem.main()
            for role in system.plan.roles.reversed() {
                #expect(try await system.terminate(role, within: .seconds(15)) == 0, "\(role.name)")
            }
            try await system.run()
        }
    }
}
