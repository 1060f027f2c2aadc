import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// Providers that are slow or away, and a broker that is gone.
    struct OutageTests {
        @Test func `all providers away give a complete reply of errors in time`() async throws {
            let system = try await SharedSystem.main(["away"])
            let openssl = OpenSSL(pki: system.pki)
            let exchange = try await system.post(try await openssl.sign(RequestMessage(about: .new(), .new()).bytes))
            #expect(exchange.status == 200)
            #expect(exchange.seconds < 7)
            let reply = try await ReplyMessage(exchange, checkedBy: openssl)
            for part in 0..<2 { #expect(reply.sections(part) == Role.providers.map { _ in "SSBT-2" }) }
            #expect(try await reply.schemaComplaints() == [])
        }

        @Test func `a provider that takes six of the seven seconds is in the reply`() async throws {
            let system = try await SharedSystem.main(["latency=0ms", "CSN:latency=6s"])
            let openssl = OpenSSL(pki: system.pki)
            let exchange = try await system.post(try await openssl.sign(RequestMessage(about: .withMuchData()).bytes))
            #expect(exchange.status == 200)
            #expect(exchange.seconds >= 6 && exchange.seconds < 7)
            let reply = try await ReplyMessage(exchange, checkedBy: openssl)
            #expect(reply.sections(0) == Role.providers.map { _ in "data" })
        }

        @Test func `a provider that never answers is missing from the reply, and it alone`() async throws {
            let system = try await SharedSystem.main(
                ["latency=0ms", "TNS:hang=1", "SO:latency=30s"], settings: ["SHS_DEADLINE_TARGET": "2s"])
            let openssl = OpenSSL(pki: system.pki)
            let exchange = try await system.post(try await openssl.sign(RequestMessage(about: .withMuchData()).bytes))
            #expect(exchange.status == 200)
            #expect(exchange.seconds < 2)
            let reply = try await ReplyMessage(exchange, checkedBy: openssl)
            #expect(reply.sections(0) == ["data", "data", "data", "data", "SSBT-1", "SSBT-1", "data"])
            #expect(try await reply.schemaComplaints() == [])
        }

        @Test func `a worker that is not there costs its own section only`() async throws {
            let system = try await SharedSystem.main(settings: ["SHS_DEADLINE_TARGET": "2s"])
            let openssl = OpenSSL(pki: system.pki)
            try await system.terminate(.worker("FK"))
            let exchange = try await system.post(try await openssl.sign(RequestMessage(about: .withMuchData()).bytes))
            try await system.start(.worker("FK"))
            #expect(exchange.status == 200)
            #expect(exchange.seconds < 2)
            let reply = try await ReplyMessage(exchange, checkedBy: openssl)
            #expect(reply.sections(0) == ["data", "data", "SSBT-1", "data", "data", "data", "data"])
        }

        @Test func `without a correlator the ingress says so in its own time`() async throws {
            let system = try await SharedSystem.main(
                settings: ["SHS_DEADLINE_TARGET": "1s", "SHS_DEADLINE_WAIT_MARGIN": "500ms"])
            try await system.terminate(.correlator)
            let exchange = try await system.post(
                try await OpenSSL(pki: system.pki).sign(RequestMessage(about: .new()).bytes))
            try await system.start(.correlator)
            #expect(exchange.status == 504)
            #expect(exchange.headers["x-shs-errorcode"] == "MissingDeliveryExecution")
            #expect(exchange.bodyText == "No reply could be given in time.\n")
            #expect(exchange.headers["retry-after"] != nil)
            #expect(exchange.seconds < 3)
            #expect(try await TestBroker.leftovers(in: system.plan.name) == [:])
        }

        @Test func `a broker that is gone is said at once, and a new one is used`() async throws {
            let system = try await SharedSystem.main()
            let openssl = OpenSSL(pki: system.pki)
            let message = try await openssl.sign(RequestMessage(about: .new()).bytes)
            #expect(try await system.post(message).status == 200)

            // RabbitMQ 3.10 loses the leader of a quorum queue that is younger than a second when the node is killed.
            try await Task.sleep(for: .seconds(2))
            try await system.broker.kill()
            for _ in 0..<3 {
                let exchange = try await system.post(message)
                #expect(exchange.status == 503)
                #expect(exchange.headers["x-shs-errorcode"] == "OtherError")
                #expect(exchange.headers["retry-after"].flatMap { Int($0) } != nil)
                #expect(exchange.bodyText == "The service is temporarily unavailable; nothing was accepted.\n")
                #expect(exchange.seconds < 1.5)
            }
            // What is wrong with a message is said also without a broker.
            #expect(try await system.post(RequestMessage(about: .new()).bytes).status == 400)

            try await system.broker.startAgain()
            try await system.waitUntilReady()
            // The other roles find the broker again in their own time.
            let exchange = try await system.post(message)
            #expect(exchange.status == 200)
            #expect(exchange.seconds < 7)
            for role in ["ingress", "worker", "correlator"] {
                for kind in ["broker-lost", "broker-back"] {
                    let entries = ["grep", "-r", "-q", "\"kind\":\"\(kind)\"", "\(system.folder)/record/\(role)"]
                    try await eventually("\(role) has noted \(kind)") {
                        try await Program(entries).run().status == 0
                    }
                }
            }
            #expect(try await ReplyMessage(exchange, checkedBy: openssl).parts.count == 1)
            #expect(try await TestBroker.leftovers(in: system.plan.name) == [:])
        }
    }
}
