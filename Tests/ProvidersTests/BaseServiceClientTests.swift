import Providers
import SSBTEK
import Testing

/// Over loopback, one after the other: several of them measure time.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BaseServiceClientTests {
    @Test(arguments: Provider.allCases, [false, true])
    func `each base service answers over mutual TLS as it does without a network`(
        provider: Provider, soap: Bool
    ) async throws {
        guard provider != .fk || !soap else { return }
        let question = try TestFixtures.question()
        let outcome = try await SimulatorFixture.with(provider, soap: soap) {
            await $0.client.ask(question, within: .seconds(30))
        }
        #expect(outcome == TestFixtures.outcome(question, provider, soap: soap))
        guard case .data = outcome else { return #expect(Bool(false), "no data") }
    }

    @Test func `connections are kept, and each new one is decided about`() async throws {
        let question = try TestFixtures.question()
        try await SimulatorFixture.with(.tns) { fixture in
            for _ in 0..<5 { _ = await fixture.client.ask(question, within: .seconds(30)) }
            #expect(fixture.decisions.value == 1)
        }
    }

    @Test func `a server that the gateway's own decision refuses gets no question`() async throws {
        let question = try TestFixtures.question()
        try await SimulatorFixture.with(.tns, accepts: false) { fixture in
            #expect(await fixture.client.ask(question, within: .seconds(30)) == .error(.gateway(.notReachable)))
            #expect(await fixture.client.ask(question, within: .seconds(30)) == .error(.gateway(.notReachable)))
            #expect(fixture.decisions.value == 2)
        }
    }

    @Test func `a server of an unknown issuer is refused`() async throws {
        let question = try TestFixtures.question()
        let (outcome, decisions) = try await SimulatorFixture.with(.af, client: TestPKI.shared.clientOfAnotherTrust) {
            (await $0.client.ask(question, within: .seconds(30)), $0.decisions.value)
        }
        #expect(outcome == .error(.gateway(.notReachable)))
        #expect(decisions == 0)
    }

    @Test func `a server with another host's certificate is refused`() async throws {
        let question = try TestFixtures.question()
        let outcome = try await SimulatorFixture.with(.af, server: TestPKI.shared.serverOfAnotherHost) {
            await $0.client.ask(question, within: .seconds(30))
        }
        #expect(outcome == .error(.gateway(.notReachable)))
    }

    @Test func `a gateway that the server does not trust is told that it is not reachable`() async throws {
        let question = try TestFixtures.question()
        let outcome = try await SimulatorFixture.with(.af, client: TestPKI.shared.strangeClient) {
            await $0.client.ask(question, within: .seconds(30))
        }
        #expect(outcome == .error(.gateway(.notReachable)))
    }

    @Test(arguments: Provider.allCases)
    func `a base service that is away is reported at once`(provider: Provider) async throws {
        let question = try TestFixtures.question()
        let (outcome, elapsed) = try await SimulatorFixture.with(provider, "away") { fixture in
            try await Self.timed { await fixture.client.ask(question, within: .seconds(30)) }
        }
        #expect(outcome == .error(.gateway(.notReachable)))
        #expect(elapsed < .seconds(5))
    }

    @Test(arguments: Provider.allCases)
    func `a base service that hangs is given up when the time is over`(provider: Provider) async throws {
        let question = try TestFixtures.question()
        try await SimulatorFixture.with(provider, "hang=1") { fixture in
            // A machine that is busy with other tests may be late once.
            var best = Duration.seconds(60)
            for _ in 0..<5 where best > .milliseconds(400) {
                let (outcome, elapsed) = try await Self.timed {
                    await fixture.client.ask(question, within: .milliseconds(300))
                }
                #expect(outcome == .error(.gateway(.noAnswerInTime)))
                #expect(elapsed >= .milliseconds(290))
                best = min(best, elapsed)
            }
            #expect(best <= .milliseconds(400))
        }
    }

    @Test func `a slow base service that answers in time is heard`() async throws {
        let question = try TestFixtures.question()
        let (outcome, elapsed) = try await SimulatorFixture.with(.csn, "latency=200ms") { fixture in
            try await Self.timed { await fixture.client.ask(question, within: .seconds(20)) }
        }
        #expect(outcome == TestFixtures.outcome(question, .csn))
        #expect(elapsed >= .milliseconds(200))
    }

    @Test func `no time left means no question`() async throws {
        let question = try TestFixtures.question()
        try await SimulatorFixture.with(.so) { fixture in
            #expect(await fixture.client.ask(question, within: .zero) == .error(.gateway(.noAnswerInTime)))
            #expect(fixture.decisions.value == 0)
        }
    }

    @Test func `a connection that ends without an answer is tried twice and then not reachable`() async throws {
        let question = try TestFixtures.question()
        try await SimulatorFixture.with(.so, "reset=1") { fixture in
            #expect(await fixture.client.ask(question, within: .seconds(30)) == .error(.gateway(.notReachable)))
            #expect(fixture.decisions.value == 2)
        }
    }

    @Test func `a connection that ended while it was kept costs nothing but a retry`() async throws {
        let question = try TestFixtures.question()
        // Every second question on average loses its connection; one retry is enough for most.
        try await SimulatorFixture.with(.so, "reset=0.5,seed=3") { fixture in
            var answered = 0
            for _ in 0..<20
            where await fixture.client.ask(question, within: .seconds(30)) != .error(.gateway(.notReachable)) {
                answered += 1
            }
            #expect(answered >= 12)
        }
    }

    @Test(arguments: Provider.allCases)
    func `an answer of twelve megabytes is refused`(provider: Provider) async throws {
        let question = try TestFixtures.question()
        let outcome = try await SimulatorFixture.with(provider, "oversize=1") {
            await $0.client.ask(question, within: .seconds(30))
        }
        #expect(outcome == .error(.gateway(.answerAgainstContract)))
    }

    @Test func `an answer that says to be too large is refused`() async throws {
        let question = try TestFixtures.question()
        let outcome = try await SimulatorFixture.with(.csn, "size=2500000") {
            await $0.client.ask(question, within: .seconds(30))
        }
        #expect(outcome == .error(.gateway(.answerAgainstContract)))
    }

    @Test func `a large answer within the limit is passed on whole`() async throws {
        let question = try TestFixtures.question()
        let outcome = try await SimulatorFixture.with(.csn, "size=1500000") {
            await $0.client.ask(question, within: .seconds(30))
        }
        guard case .data(let bytes) = outcome else { return #expect(Bool(false), "no data: \(outcome)") }
        #expect(bytes.count > 2_000_000)
    }

    @Test(arguments: Provider.allCases, ["cut", "wrong", "html"])
    func `garbage is no answer`(provider: Provider, kind: String) async throws {
        let question = try TestFixtures.question()
        let outcome = try await SimulatorFixture.with(provider, "garbage=1,garbage-kind=\(kind)") {
            await $0.client.ask(question, within: .seconds(30))
        }
        #expect(outcome == .error(.gateway(.answerAgainstContract)))
    }

    @Test(arguments: [
        (Provider.af, false, "HTTP-503"), (.af, true, "Server"), (.csn, true, "Server"), (.so, true, "Server"),
        (.tns, false, "HTTP-503"), (.skv, false, "9071003"), (.skv, true, "9071003"), (.miv, false, "MIV-500"),
        (.miv, true, "MIV-500"), (.fk, false, "HTTP-500"),
    ])
    func `the provider's own fault keeps its code`(provider: Provider, soap: Bool, code: String) async throws {
        let question = try TestFixtures.question()
        let outcome = try await SimulatorFixture.with(provider, "errors=1", soap: soap) {
            await $0.client.ask(question, within: .seconds(30))
        }
        guard case .error(let error) = outcome else { return #expect(Bool(false), "no error") }
        #expect(error.source == .bt)
        #expect(error.code == code)
        #expect(error.messages.allSatisfy { !$0.isEmpty })
    }

    @Test func `many questions at the same time are answered on as many connections as allowed`() async throws {
        let questions = try (0..<64).map { try TestFixtures.question(about: TestFixtures.digits($0)) }
        try await SimulatorFixture.with(.miv, "latency=5ms..20ms", configure: { $0.concurrency = 8 }) { fixture in
            let client = fixture.client
            let answered = await withTaskGroup(of: Bool.self) { group in
                for question in questions {
                    group.addTask {
                        await client.ask(question, within: .seconds(30)) == TestFixtures.outcome(question, .miv)
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answered == 64)
            #expect(fixture.decisions.value <= 8)
        }
    }

    private static func timed<Result>(_ body: () async throws -> Result) async throws -> (Result, Duration) {
        let clock = ContinuousClock()
        let start = clock.now
        let result = try await body()
        return (result, clock.now - start)
    }
}
