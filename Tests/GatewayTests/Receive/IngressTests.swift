import Gateway
import GatewayFixtures
import InMemoryTransport
import SHS
import SSBTEK
import Testing

@Suite(.timeLimit(.minutes(5))) struct IngressTests {
    private let clock = VirtualClock(at: ManifestFixture.start)
    private let transport = RecordingIngressTransport()

    /// Runs an ingress for the time of `body`.
    private func run(_ body: (Ingress) async throws -> Void) async throws {
        let deadlines = DeadlineConfiguration()
        let ingress = Ingress(
            intake: try RequestFixture.intake(), splitter: Splitter(deadlines: deadlines, shards: 8),
            deadlines: deadlines, transport: self.transport, clock: self.clock)
        let running = Task { try await ingress.run() }
        try await body(ingress)
        self.transport.shutDown()
        try await running.value
    }

    private func reply(_ bytes: [UInt8], to number: Int) {
        let transaction = self.transport.dispatches[number].manifest.transaction
        self.transport.send(
            Reply(transaction: transaction, outcome: .message(bytes), sections: SectionCount(data: 7, errors: 0)))
    }

    @Test func `a request gets the reply to its own transaction`() async throws {
        try await self.run { ingress in
            let first = try RequestFixture(txID: "tx-1").transfer()
            let second = try RequestFixture(txID: "tx-2").transfer()
            async let one = ingress.handle(first)
            #expect(await eventually { self.transport.dispatches.count == 1 })
            async let two = ingress.handle(second)
            #expect(await eventually { self.transport.dispatches.count == 2 })
            self.reply([2], to: 1)
            self.reply([1], to: 0)
            #expect(await one == .reply([1], SectionCount(data: 7)))
            #expect(await two == .reply([2], SectionCount(data: 7)))
        }
        let dispatch = self.transport.dispatches[0]
        #expect(dispatch.items.count == 7)
        #expect(dispatch.manifest.replyAddress == self.transport.replyAddress)
    }

    @Test func `a reply that overtakes the confirmations of its request is not held up by them`() async throws {
        self.transport.holdConfirmations()
        try await self.run { ingress in
            let request = try RequestFixture().transfer()
            async let outcome = ingress.handle(request)
            #expect(await eventually { self.transport.dispatches.count == 1 })
            self.reply([1], to: 0)
            #expect(await outcome == .reply([1], SectionCount(data: 7)))
        }
    }

    @Test func `a wait ends in time also without confirmations`() async throws {
        self.transport.holdConfirmations()
        try await self.run { ingress in
            let request = try RequestFixture().transfer()
            async let outcome = ingress.handle(request)
            #expect(await eventually { self.transport.dispatches.count == 1 && self.clock.sleeperCount == 1 })
            self.clock.advance(by: DeadlineConfiguration().waitBudget(persons: 1))
            #expect(await outcome == .refused(.noReplyInTime))
        }
    }

    @Test func `without a broker nothing is published and the sender is told at once`() async throws {
        self.transport.setAvailable(false)
        try await self.run { ingress in
            #expect(!ingress.isReady)
            let request = try RequestFixture().transfer()
            #expect(await ingress.handle(request) == .refused(.brokerUnavailable))
        }
        #expect(self.transport.dispatches.isEmpty)
    }

    @Test(arguments: [TransportError.unavailable, .rejected, .unconfirmed, .unreachable])
    func `a dispatch that fails is a broker that is not there`(_ error: TransportError) async throws {
        self.transport.fail(with: error)
        try await self.run { ingress in
            let request = try RequestFixture().transfer()
            #expect(await ingress.handle(request) == .refused(.brokerUnavailable))
            // The same transfer can be sent again at once, and is asked anew.
            self.transport.fail(with: nil)
            let again = try RequestFixture().transfer()
            async let outcome = ingress.handle(again)
            #expect(await eventually { self.transport.dispatches.count == 2 })
            self.reply([3], to: 1)
            #expect(await outcome == .reply([3], SectionCount(data: 7)))
        }
    }

    @Test func `the correlator's fault is the sender's answer`() async throws {
        try await self.run { ingress in
            let transfer = try RequestFixture().transfer()
            async let outcome = ingress.handle(transfer)
            #expect(await eventually { self.transport.dispatches.count == 1 })
            let transaction = self.transport.dispatches[0].manifest.transaction
            self.transport.send(
                Reply(transaction: transaction, outcome: .fault(.internalError), sections: SectionCount()))
            #expect(await outcome == .refused(.internalError))
        }
    }

    @Test func `nobody waits longer than the wait budget`() async throws {
        let limit = ManifestFixture.start + DeadlineConfiguration().waitBudget(persons: 1)
        try await self.run { ingress in
            let transfer = try RequestFixture().transfer()
            async let outcome = ingress.handle(transfer)
            #expect(await eventually { self.clock.nextWakeUp == limit })
            #expect(await eventually { self.transport.dispatches.count == 1 })
            self.clock.advance(to: limit)
            #expect(await outcome == .refused(.noReplyInTime))
            // The reply comes all the same, to nobody.
            self.reply([1], to: 0)
        }
    }

    @Test func `a repeat in flight is not dispatched and gets the same reply`() async throws {
        try await self.run { ingress in
            let transfer = try RequestFixture().transfer()
            async let one = ingress.handle(transfer)
            #expect(await eventually { self.transport.dispatches.count == 1 })
            let before = CapturedLog.shared.text.count
            async let two = ingress.handle(transfer)
            async let three = ingress.handle(transfer)
            #expect(await eventually { ingress.waiterCount == 3 })
            self.reply([5], to: 0)
            let expected = IngressOutcome.reply([5], SectionCount(data: 7))
            #expect(await (one, two, three) == (expected, expected, expected))
            #expect(CapturedLog.shared.text.dropFirst(before).contains { $0.contains("repeat=yes") })
        }
        #expect(self.transport.dispatches.count == 1)
    }

    @Test func `a repeat of a failed dispatch is told the same`() async throws {
        try await self.run { ingress in
            let transfer = try RequestFixture().transfer()
            let outcomes = await withTaskGroup(of: IngressOutcome.self) { group in
                self.transport.fail(with: .unavailable)
                for _ in 0..<20 { group.addTask { await ingress.handle(transfer) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes == Array(repeating: .refused(.brokerUnavailable), count: 20))
        }
    }

    @Test func `repeats racing with the reply all get it, by joining or by asking anew`() async throws {
        try await self.run { ingress in
            let transfer = try RequestFixture().transfer()
            let replier = Task {
                var answered = 0
                while !Task.isCancelled {
                    if self.transport.dispatches.count > answered {
                        self.reply([6], to: answered)
                        answered += 1
                    }
                    await Task.yield()
                }
            }
            let outcomes = await withTaskGroup(of: IngressOutcome.self) { group in
                for _ in 0..<200 { group.addTask { await ingress.handle(transfer) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            replier.cancel()
            #expect(outcomes == Array(repeating: .reply([6], SectionCount(data: 7)), count: 200))
        }
    }

    @Test func `at shutdown nobody is left waiting`() async throws {
        try await self.run { ingress in
            let transfer = try RequestFixture().transfer()
            async let outcome = ingress.handle(transfer)
            #expect(await eventually { self.transport.dispatches.count == 1 && self.clock.sleeperCount == 1 })
            self.transport.shutDown()
            #expect(await outcome == .refused(.noReplyInTime))
        }
    }

    @Test(arguments: [Fault.signatureInvalid, .certificateRevoked, .revocationUnknown])
    func `what the verifier refuses is refused with its reason`(_ fault: Fault) async throws {
        try await self.run { ingress in
            let request = try RequestFixture().transfer(refusal: fault)
            #expect(await ingress.handle(request) == .refused(fault))
        }
        #expect(self.transport.dispatches.isEmpty)
    }
}
