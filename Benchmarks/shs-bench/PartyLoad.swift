import Synchronization

/// Open-loop load of one party: a request is sent when its time has come, however many still wait.
///
/// Latency counts from that time, so that a request which could not be sent in time shows it. What was refused with 429 is
/// sent again later, as a party's system would; messages are signed before the clock starts.
final class PartyLoad: Sendable {
    /// When the requests of one measurement are sent.
    struct Schedule: Sendable {
        /// Requests a second.
        let rate: Double
        /// Before the first one.
        var delay: Duration = .zero
        /// Whether a request is sent at a random moment of its interval, and not at the beginning.
        var isRandom = false
        /// Requests before this count for nothing: connections are made, and the rights saved up to now are used.
        let leadIn: Duration
        let time: Duration

        func moments() -> [Duration] {
            let count = Int((self.time - self.delay) / .seconds(1) * self.rate)
            return (0..<max(0, count)).map { index in
                let place = Double(index) + (self.isRandom ? Double.random(in: 0..<1) : 0)
                return self.delay + .seconds(place / self.rate)
            }
        }
    }

    private let sender: Sender
    private let messages = Mutex<[[UInt8]]>([])

    init(_ sender: Sender) { self.sender = sender }

    /// Signs as many as may be accepted; when more wait for a response, theirs are signed as they are sent.
    func prepare(_ count: Int) throws {
        let missing = count - self.messages.withLock { $0.count }
        let made = try (0..<max(0, missing)).map { _ in try self.sender.message() }
        self.messages.withLock { $0 += made }
    }

    /// Returns when all requests have their responses.
    func run(_ schedule: Schedule, from start: ContinuousClock.Instant) async -> PartyResult {
        let clock = ContinuousClock()
        return await withTaskGroup(of: (outcome: Sender.Outcome, latency: Duration, delay: Duration)?.self) { group in
            for moment in schedule.moments() {
                let due = start + moment
                // Throws only when cancelled, and nobody does that.
                try? await clock.sleep(until: due)
                group.addTask {
                    let delay = clock.now - due
                    let outcome = await self.send()
                    return moment >= schedule.leadIn ? (outcome, clock.now - due, delay) : nil
                }
            }
            return await group.reduce(into: PartyResult()) { result, request in
                guard let request else { return }
                result.add(request.outcome, after: request.latency, delay: request.delay)
            }
        }
    }

    func shutdown() async { await self.sender.shutdown() }

    private func send() async -> Sender.Outcome {
        let prepared = self.messages.withLock { $0.popLast() }
        guard let message = try? prepared ?? self.sender.message() else { return .other("could not sign") }
        let outcome = await self.sender.post(message)
        if case .refused = outcome { self.messages.withLock { $0.append(message) } }
        return outcome
    }
}
