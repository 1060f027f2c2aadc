import Providers
import SSBTEK
import Synchronization
import Testing

/// New credentials for a base service while questions are asked.
@Suite(.timeLimit(.minutes(5)))
struct ClientRenewalTests {
    @Test func `the same credentials keep the connections`() async throws {
        let question = try TestFixtures.question()
        try await SimulatorFixture.with(.tns) { fixture in
            _ = await fixture.client.ask(question, within: .seconds(30))
            let isRenewed1 = try fixture.client.trustChanged(TestPKI.shared.client)
            #expect(!isRenewed1)
            _ = await fixture.client.ask(question, within: .seconds(30))
            // Once for the connection, and once more when trust was said to have changed.
            #expect(fixture.decisions.value == 2)
        }
    }

    @Test func `other credentials are used for the next question, on a new connection`() async throws {
        let question = try TestFixtures.question()
        try await SimulatorFixture.with(.tns) { fixture in
            let expected = TestFixtures.outcome(question, .tns)
            #expect(await fixture.client.ask(question, within: .seconds(30)) == expected)
            let isRenewed2 = try fixture.client.trustChanged(TestPKI.shared.renewedClient)
            #expect(isRenewed2)
            #expect(await fixture.client.ask(question, within: .seconds(30)) == expected)
            #expect(await fixture.client.ask(question, within: .seconds(30)) == expected)
            #expect(fixture.decisions.value == 2)
        }
    }

    @Test func `credentials that the server refuses are used all the same, since they are those in force`() async throws
    {
        let question = try TestFixtures.question()
        try await SimulatorFixture.with(.tns) { fixture in
            _ = await fixture.client.ask(question, within: .seconds(30))
            let isRenewed3 = try fixture.client.trustChanged(TestPKI.shared.strangeClient)
            #expect(isRenewed3)
            #expect(await fixture.client.ask(question, within: .seconds(30)) == .error(.gateway(.notReachable)))
            let isRenewed4 = try fixture.client.trustChanged(TestPKI.shared.client)
            #expect(isRenewed4)
            #expect(
                await fixture.client.ask(question, within: .seconds(30)) == TestFixtures.outcome(question, .tns))
        }
    }

    @Test func `a key that cannot be read leaves everything as it is`() async throws {
        let question = try TestFixtures.question()
        let broken = ProviderCredentials(certificateChain: [1], privateKey: [2], anchors: [3])
        try await SimulatorFixture.with(.tns) { fixture in
            let client = fixture.client
            #expect(throws: (any Error).self) { try client.trustChanged(broken) }
            #expect(
                await fixture.client.ask(question, within: .seconds(30)) == TestFixtures.outcome(question, .tns))
        }
    }

    @Test func `no question fails while credentials change again and again`() async throws {
        let questions = try (0..<200).map { try TestFixtures.question(about: TestFixtures.digits($0)) }
        try await SimulatorFixture.with(.miv, "latency=1ms..60ms", configure: { $0.concurrency = 16 }) { fixture in
            let client = fixture.client
            let running = Task { try await client.run() }
            let answered = try await withThrowingTaskGroup(of: Bool.self) { group in
                for (index, question) in questions.enumerated() {
                    group.addTask {
                        await client.ask(question, within: .seconds(50)) == TestFixtures.outcome(question, .miv)
                    }
                    if index % 20 == 10 {
                        let isOdd = index % 40 == 10
                        try client.trustChanged(isOdd ? TestPKI.shared.renewedClient : TestPKI.shared.client)
                        await Task.yield()
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answered == questions.count)
            running.cancel()
            try await running.value
        }
    }

    @Test func `a server that is no longer accepted gets no further question on an old connection`() async throws {
        let question = try TestFixtures.question()
        let isAccepted = Mutex(true)
        try await SimulatorFixture.with(.tns, acceptsServer: { _ in isAccepted.withLock { $0 } }) { fixture in
            #expect(
                await fixture.client.ask(question, within: .seconds(30)) == TestFixtures.outcome(question, .tns))
            isAccepted.withLock { $0 = false }
            let isRenewed5 = try fixture.client.trustChanged(TestPKI.shared.client)
            #expect(isRenewed5)
            #expect(await fixture.client.ask(question, within: .seconds(30)) == .error(.gateway(.notReachable)))
        }
    }
}
