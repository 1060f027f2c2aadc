import Providers
import SSBTEK
import Synchronization
import Testing

/// Circuit breaker and retries of the real client, against real servers that fail in every way.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ClientBreakerTests {
    /// What the client told, in order.
    private final class Events: Sendable {
        private let list = Mutex<[BaseServiceClient.Event]>([])

        func note(_ event: BaseServiceClient.Event) { self.list.withLock { $0.append(event) } }
        var all: [BaseServiceClient.Event] { self.list.withLock { $0 } }
        var retries: Int { self.all.count { $0 == .retry } }
        var changes: [CircuitBreaker.State] {
            self.all.compactMap { if case .breaker(let state) = $0 { state } else { nil } }
        }
    }

    private let events = Events()

    private func with<Result>(
        _ provider: Provider, _ behaviour: String, soap: Bool = false, attempts: Int = 1,
        openFor: Duration = .seconds(60), accepts: @escaping @Sendable () -> Bool = { true },
        _ body: (SimulatorFixture) async throws -> Result
    ) async throws -> Result {
        try await SimulatorFixture.with(
            provider, behaviour, soap: soap, acceptsServer: { _ in accepts() },
            onEvent: { [events] in events.note($0) },
            configure: { configuration in
                configuration.breaker.failures = 3
                configuration.breaker.openFor = openFor
                configuration.breaker.probes = 2
                configuration.breaker.patience = .milliseconds(100)
                configuration.retry.attempts = attempts
                configuration.retry.pause = .milliseconds(1)
            }, body)
    }

    @Test(arguments: [
        ("away", GatewayErrorCode.notReachable), ("reset=1", .notReachable), ("hang=1", .noAnswerInTime),
    ])
    func `a base service that does not answer is held back after a few questions`(
        _ behaviour: String, _ code: GatewayErrorCode
    ) async throws {
        let question = try TestFixtures.question()
        try await self.with(.tns, behaviour) { fixture in
            let time: Duration = behaviour == "hang=1" ? .milliseconds(400) : .seconds(30)
            for _ in 0..<3 { #expect(await fixture.client.ask(question, within: time) == .error(.gateway(code))) }
            let decisions = fixture.decisions.value
            for _ in 0..<50 {
                #expect(await fixture.client.ask(question, within: time) == .error(.gateway(.heldBack)))
            }
            #expect(fixture.decisions.value == decisions, "nobody was asked")
            #expect(self.events.changes == [.open])
        }
    }

    @Test(arguments: [500, 502, 503, 504])
    func `a server's own failure counts`(_ status: Int) async throws {
        let question = try TestFixtures.question()
        try await self.with(.csn, "status=\(status)") { fixture in
            for _ in 0..<3 { _ = await fixture.client.ask(question, within: .seconds(30)) }
            #expect(await fixture.client.ask(question, within: .seconds(30)) == .error(.gateway(.heldBack)))
        }
    }

    @Test(arguments: [400, 401, 403, 404, 429])
    func `a refusal is an answer: it opens nothing and is never asked again`(_ status: Int) async throws {
        let question = try TestFixtures.question()
        try await self.with(.csn, "status=\(status)", attempts: 5) { fixture in
            for _ in 0..<10 {
                let outcome = await fixture.client.ask(question, within: .seconds(30))
                guard case .error(let error) = outcome else { return #expect(Bool(false), "no error") }
                #expect(error.source == .bt && error.code == "HTTP-\(status)")
            }
            #expect(self.events.all.isEmpty)
        }
    }

    @Test(arguments: [(Provider.csn, true), (.skv, true), (.miv, true), (.skv, false)])
    func `a base service that says no itself is not held back`(_ provider: Provider, _ soap: Bool) async throws {
        let question = try TestFixtures.question()
        try await self.with(provider, "errors=1", soap: soap) { fixture in
            for _ in 0..<10 { _ = await fixture.client.ask(question, within: .seconds(30)) }
            #expect(self.events.all.isEmpty)
        }
    }

    @Test func `too little time to answer is not the base service's fault`() async throws {
        let question = try TestFixtures.question()
        try await self.with(.tns, "hang=1") { fixture in
            for _ in 0..<10 { _ = await fixture.client.ask(question, within: .milliseconds(50)) }
            #expect(self.events.all.isEmpty)
        }
    }

    @Test func `questions given up by a shutdown are not the base service's fault`() async throws {
        let question = try TestFixtures.question()
        try await self.with(.tns, "hang=1") { fixture in
            let client = fixture.client
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<10 { group.addTask { _ = await client.ask(question, within: .seconds(30)) } }
                group.cancelAll()
            }
            #expect(self.events.all.isEmpty)
        }
    }

    @Test func `it is asked again when probes are answered`() async throws {
        let question = try TestFixtures.question()
        let accepts = Flag()
        try await self.with(.so, "", openFor: .milliseconds(100), accepts: { accepts.isSet }) { fixture in
            for _ in 0..<3 { _ = await fixture.client.ask(question, within: .seconds(30)) }
            #expect(fixture.client.breakerState == .open)
            accepts.set()
            let deadline = ContinuousClock.now + .seconds(30)
            while fixture.client.breakerState != .closed, ContinuousClock.now < deadline {
                _ = await fixture.client.ask(question, within: .seconds(30))
            }
            #expect(self.events.changes == [.open, .halfOpen, .closed])
            #expect(
                await fixture.client.ask(question, within: .seconds(30)) == TestFixtures.outcome(question, .so))
        }
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)
        func set() { self.value.store(true, ordering: .sequentiallyConsistent) }
        var isSet: Bool { self.value.load(ordering: .sequentiallyConsistent) }
    }

    @Test(arguments: [("status=503", 2, 1), ("status=503", 3, 2), ("away", 2, 1), ("status=500", 3, 0)])
    func `what may pass is tried again, as often as configured`(
        _ behaviour: String, _ attempts: Int, _ retries: Int
    ) async throws {
        let question = try TestFixtures.question()
        try await self.with(.csn, behaviour, attempts: attempts) { fixture in
            _ = await fixture.client.ask(question, within: .seconds(30))
        }
        #expect(self.events.retries == retries)
    }

    @Test func `without time for another attempt there is none`() async throws {
        let question = try TestFixtures.question()
        try await self.with(.csn, "status=503", attempts: 3) { fixture in
            _ = await fixture.client.ask(question, within: .milliseconds(499))
        }
        #expect(self.events.retries == 0)
    }

    @Test func `an open breaker ends the attempts at a question`() async throws {
        let question = try TestFixtures.question()
        try await self.with(.csn, "status=503", attempts: 5) { fixture in
            let outcome = await fixture.client.ask(question, within: .seconds(30))
            guard case .error(let error) = outcome else { return #expect(Bool(false), "no error") }
            #expect(error.code == "HTTP-503", "the asker is told what the last attempt came to")
        }
        #expect(self.events.all == [.retry, .retry, .breaker(.open)])
    }

    @Test func `a base service that hangs with all its connections is nothing to another`() async throws {
        let question = try TestFixtures.question()
        try await self.with(.tns, "hang=1") { hanging in
            try await self.with(.so, "") { fixture in
                let client = hanging.client
                let answered = SimulatorFixture.ConnectionCounter()
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<300 {
                        group.addTask {
                            _ = await client.ask(question, within: .seconds(30))
                            answered.count()
                        }
                    }
                    let expected = TestFixtures.outcome(question, .so)
                    for _ in 0..<50 { #expect(await fixture.client.ask(question, within: .seconds(20)) == expected) }
                    #expect(answered.value == 0, "all of them still wait")
                    group.cancelAll()
                }
            }
        }
    }
}
