import Gateway
import GatewayFixtures
import InMemoryTransport
import SHS
import SSBTEK
import Testing

/// The life of a message through all stages, in memory and in virtual time.
@Suite(.timeLimit(.minutes(5))) struct WholeFlowTests {
    private static func request(
        _ persons: Int, txID: String = "0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01"
    ) throws -> ReceivedTransfer {
        try RequestFixture(
            txID: txID,
            questions: (0..<persons).map {
                QuestionFixture(person: QuestionFixture.persons[$0 % 4], correlationID: "k\($0)")
            }
        ).transfer()
    }

    /// Whether every section is the one of its own provider and question, except those of silent providers.
    private static func check(_ outcome: IngressOutcome, persons: Int, silent: Set<Provider> = []) throws {
        let answers = try RunningGateway.answers(outcome)
        #expect(answers.map(\.correlationID) == (0..<persons).map { "k\($0)" })
        for (index, answer) in answers.enumerated() {
            for provider in Provider.allCases {
                let expected =
                    silent.contains(provider)
                    ? SectionOutcome.error(.gateway(.noAnswerInTime))
                    : SimulatedService.outcome(provider, about: "k\(index)")
                guard case .error(let error) = expected else { continue }
                #expect(answer[provider] == .error(error), "\(provider) of question \(index)")
            }
        }
    }

    @Test(arguments: [1, 3, 10])
    func `a request is answered completely and nothing is left behind`(_ persons: Int) async throws {
        let gateway = try RunningGateway()
        let correlator = gateway.startCorrelator()
        let outcome = await gateway.ingress.handle(try Self.request(persons))
        try Self.check(outcome, persons: persons)
        #expect(await eventually { gateway.broker.count == 0 })
        #expect(gateway.broker.deadLetters.isEmpty)
        #expect(gateway.services.values.allSatisfy { $0.askedCount == persons })
        // No time was needed.
        #expect(gateway.clock.now() == ManifestFixture.start)
        try await correlator.stop()
    }

    @Test func `a silent provider's sections say so at the deadline, and its late answers are settled`() async throws {
        let gateway = try RunningGateway(silent: [.tns, .so])
        let correlator = gateway.startCorrelator()
        let request = try Self.request(2)
        async let outcome = gateway.ingress.handle(request)
        #expect(await correlator.holds(1 + 2 * 5))
        let deadline = ManifestFixture.start + DeadlineConfiguration().replyBudget(persons: 2)
        // Tick, alarm and the four that are silent: nothing else is left to do before the time passes.
        #expect(await eventually { gateway.clock.sleeperCount == 6 })
        gateway.clock.advance(to: deadline - .milliseconds(20))
        #expect(await eventually { gateway.clock.sleeperCount == 6 })
        gateway.clock.advance(to: deadline)
        try Self.check(await outcome, persons: 2, silent: [.tns, .so])
        #expect(await eventually { gateway.broker.correlateCount == 0 })
        gateway.clock.advance(by: .seconds(40))
        #expect(await eventually { gateway.broker.count == 0 })
        try await correlator.stop()
    }

    @Test func `a correlator that is killed is replaced without anybody noticing`() async throws {
        let gateway = try RunningGateway(silent: [.af])
        let first = gateway.startCorrelator()
        let request = try Self.request(1)
        async let outcome = gateway.ingress.handle(request)
        #expect(await first.holds(7))
        await first.kill()
        #expect(gateway.broker.correlateCount == 7)
        let second = gateway.startCorrelator()
        #expect(await second.holds(7))
        // Alarm, AF, and the second one's tick.
        #expect(await eventually { gateway.clock.sleeperCount == 3 })
        gateway.clock.advance(to: ManifestFixture.start + DeadlineConfiguration().replyBudget(persons: 1))
        try Self.check(await outcome, persons: 1, silent: [.af])
        #expect(await eventually { gateway.broker.correlateCount == 0 })
        try await second.stop()
    }

    @Test func `a correlator that comes after the deadline still replies with everything that is there`() async throws {
        let gateway = try RunningGateway(silent: [.af])
        let first = gateway.startCorrelator()
        let request = try Self.request(1)
        async let outcome = gateway.ingress.handle(request)
        #expect(await first.holds(7))
        await first.kill()
        let late = ManifestFixture.start + DeadlineConfiguration().replyBudget(persons: 1) + .seconds(1)
        #expect(await eventually { gateway.clock.sleeperCount == 2 })
        gateway.clock.advance(to: late)
        let second = gateway.startCorrelator()
        // Alarm, the silent provider, and the second one's tick.
        #expect(await eventually { gateway.clock.sleeperCount == 3 })
        #expect(await second.holds(7))
        gateway.clock.advance(by: CorrelateConfiguration().settleFor)
        try Self.check(await outcome, persons: 1, silent: [.af])
        try await second.stop()
    }

    @Test func `shards that are lost and come again lead to the same reply`() async throws {
        let gateway = try RunningGateway(silent: [.miv])
        let correlator = gateway.startCorrelator()
        let request = try Self.request(3)
        async let outcome = gateway.ingress.handle(request)
        #expect(await correlator.holds(1 + 3 * 6))
        for _ in 0..<3 {
            correlator.transport.loseShards()
            #expect(await gateway.allIsTakenIn())
        }
        // Tick, alarm, and two of the three at MIV, which takes two at a time.
        #expect(await eventually { gateway.clock.sleeperCount == 4 })
        gateway.clock.advance(to: ManifestFixture.start + DeadlineConfiguration().replyBudget(persons: 3))
        try Self.check(await outcome, persons: 3, silent: [.miv])
        #expect(await eventually { gateway.broker.correlateCount == 0 })
        try await correlator.stop()
    }

    @Test func `many requests are answered while correlators come and go`() async throws {
        let gateway = try RunningGateway()
        let requests = try (0..<60).map { try Self.request(1 + $0 % 2, txID: "tx-\($0)") }
        let outcomes = await withTaskGroup(of: (Int, IngressOutcome).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask { (index, await gateway.ingress.handle(request)) }
            }
            group.addTask {
                var correlators = [gateway.startCorrelator(), gateway.startCorrelator()]
                for round in 0..<6 {
                    _ = await eventually(within: .milliseconds(20)) { gateway.broker.correlateCount > round * 20 }
                    correlators.append(gateway.startCorrelator())
                    await correlators.removeFirst().kill()
                    correlators[0].transport.loseShards()
                }
                // The last two stay until everybody has a reply.
                _ = await eventually { gateway.ingress.waiterCount == 0 && gateway.broker.count == 0 }
                return (-1, .refused(.internalError))
            }
            return await group.reduce(into: [Int: IngressOutcome]()) { $0[$1.0] = $1.1 }
        }
        for index in requests.indices {
            let outcome = try #require(outcomes[index])
            try Self.check(outcome, persons: 1 + index % 2)
        }
        #expect(await eventually { gateway.broker.count == 0 })
        #expect(gateway.broker.deadLetters.isEmpty)
    }

    @Test func `a worker that is killed leaves its items to another`() async throws {
        let gateway = try RunningGateway()
        let correlator = gateway.startCorrelator()
        let clock = gateway.clock
        let doomed = InMemoryWorkerTransport(broker: gateway.broker)
        let stuck = ProviderWorker(
            provider: .csn, concurrency: 50, transport: doomed,
            service: SimulatedService(.csn, clock: clock, isSilent: true), questions: try QuestionFixture.reader(),
            clock: clock)
        let running = Task { try await stuck.run() }
        let request = try Self.request(10)
        async let outcome = gateway.ingress.handle(request)
        #expect(await eventually { gateway.broker.workCount(for: .af) == 0 })
        doomed.cut()
        running.cancel()
        try Self.check(await outcome, persons: 10)
        #expect(await eventually { gateway.broker.count == 0 })
        try await correlator.stop()
    }

    @Test func `without a broker nothing is taken and nothing is left`() async throws {
        let gateway = try RunningGateway()
        gateway.broker.setAvailable(false)
        let request = try Self.request(1)
        #expect(await gateway.ingress.handle(request) == .refused(.brokerUnavailable))
        #expect(gateway.broker.count == 0)
    }

    @Test func `a broker that takes no publishes for a while costs time and nothing else`() async throws {
        let gateway = try RunningGateway(silent: [.skv])
        let correlator = gateway.startCorrelator()
        let request = try Self.request(1)
        async let outcome = gateway.ingress.handle(request)
        #expect(await correlator.holds(7))
        let deadline = ManifestFixture.start + DeadlineConfiguration().replyBudget(persons: 1)
        gateway.broker.setAvailable(false)
        #expect(await eventually { gateway.clock.sleeperCount == 3 })
        gateway.clock.advance(to: deadline)
        #expect(await eventually { gateway.clock.sleeperCount == 3 })
        #expect(gateway.broker.correlateCount == 7)
        gateway.broker.setAvailable(true)
        // The pause, then the next tick.
        for _ in 0..<2 {
            gateway.clock.advance(by: CorrelateConfiguration().retryAfter)
            _ = await eventually(within: .milliseconds(200)) { gateway.broker.correlateCount == 0 }
        }
        try Self.check(await outcome, persons: 1, silent: [.skv])
        try await correlator.stop()
    }

    @Test func `unreadable messages are discarded beside the others`() async throws {
        let gateway = try RunningGateway()
        let correlator = gateway.startCorrelator()
        for shard in 0..<4 { gateway.broker.publishUnreadable(shard: shard) }
        let outcome = await gateway.ingress.handle(try Self.request(1))
        try Self.check(outcome, persons: 1)
        #expect(await eventually { gateway.broker.count == 0 })
        try await correlator.stop()
    }
}
