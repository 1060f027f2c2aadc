internal import AsyncHTTPClient
package import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import Trust

/// Keeps revocation lists and OCSP answers ahead of time, in the background: nothing is ever fetched inside a request.
package final class RevocationService: Service {
    private let configuration: RevocationConfiguration
    private let interest: @Sendable () async -> RevocationInterest
    private let now: @Sendable () -> Int64
    private let onChange: @Sendable (RevocationState) async -> Void
    private let logger: Logger
    private let desk: RevocationDesk
    private let schedule: Mutex<RevocationSchedule>
    private let published = Mutex(RevocationState.empty)
    private let isUrged = Atomic(false)

    /// - Parameters:
    ///   - interest: Whose revocation matters now; asked every `interestInterval`.
    ///   - now: Milliseconds since 1970 (UTC).
    ///   - onChange: Called with everything known after lists or answers have changed; never twice at once.
    package init(
        _ configuration: RevocationConfiguration, logger: Logger, seed: UInt64 = .random(in: 0 ... .max),
        now: @escaping @Sendable () -> Int64, interest: @escaping @Sendable () async -> RevocationInterest,
        onChange: @escaping @Sendable (RevocationState) async -> Void
    ) {
        self.configuration = configuration
        self.interest = interest
        self.now = now
        self.onChange = onChange
        self.logger = logger
        self.desk = RevocationDesk(configuration, logger: logger)
        self.schedule = Mutex(RevocationSchedule(configuration, seed: seed))
    }

    /// What is known; at most a tick old.
    package var state: RevocationState { self.published.withLock { $0 } }

    /// Asks for the interest at the next tick: somebody waits for what is not known yet.
    package func interestChanged() { self.isUrged.store(true, ordering: .relaxed) }

    /// Runs until the graceful shutdown; a fetch that runs then is given up.
    package func run() async throws {
        let fetcher = RevocationFetcher(self.configuration)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                var asked: Int64?
                var tidied = self.now()
                while !Task.isCancelled {
                    let now = self.now()
                    let isUrged = self.isUrged.exchange(false, ordering: .relaxed)
                    if isUrged || asked.map({ Self.isOver(self.configuration.interestInterval, $0, now) }) ?? true {
                        await self.readInterest(at: now)
                        asked = now
                    }
                    if Self.isOver(self.configuration.tidyInterval, tidied, now) {
                        await self.desk.tidy(at: now / 1_000)
                        tidied = now
                    }
                    for attempt in self.schedule.withLock({ $0.timePassed(to: now) }) {
                        group.addTask { await self.run(attempt, fetcher) }
                    }
                    await self.publish(at: now / 1_000)
                    try? await Task.sleep(for: self.configuration.tick)
                }
                group.cancelAll()
            }
        }
        await fetcher.shutdown()
    }

    /// The clock may be set back.
    private static func isOver(_ interval: Duration, _ start: Int64, _ now: Int64) -> Bool {
        abs(now - start) >= interval.milliseconds
    }

    private func readInterest(at now: Int64) async {
        let interest = await self.interest()
        if let wanted = await self.desk.interestChanged(interest, at: now / 1_000) {
            self.schedule.withLock { $0.sourcesChanged(wanted, at: now) }
        }
    }

    private func run(_ attempt: RevocationSchedule.Attempt, _ fetcher: RevocationFetcher) async {
        let outcome = await self.outcome(of: attempt, fetcher)
        let now = self.now()
        self.schedule.withLock { $0.attemptEnded(attempt, outcome, at: now) }
    }

    /// Tries the source's places in order, until one of them has something usable.
    private func outcome(
        of attempt: RevocationSchedule.Attempt, _ fetcher: RevocationFetcher
    ) async -> RevocationSchedule.Outcome {
        guard let source = await self.desk.source(attempt.source) else { return .failed }
        var refusal = RevocationRefusal.noConnection
        for address in source.addresses {
            do throws(RevocationRefusal) {
                return try await self.fetch(source, at: address, fetcher)
            } catch {
                refusal = error
            }
        }
        // A fetch that the shutdown gave up is no failure of the place.
        if !Task.isCancelled { await self.desk.failed(source, refusal, at: self.now() / 1_000) }
        return .failed
    }

    private func fetch(
        _ source: RevocationSource, at address: String, _ fetcher: RevocationFetcher
    ) async throws(RevocationRefusal) -> RevocationSchedule.Outcome {
        switch source.kind {
        case .lists:
            let result = try await fetcher.list(
                at: address, newerThan: await self.desk.version(of: address, for: source))
            return try await self.desk.received(result, from: source, at: address, instant: self.now() / 1_000)
        case .answer(let certificate, let issuer, _):
            guard let question = try? OCSPRequest.encoded(about: certificate, issuer: issuer) else { return .failed }
            let response = try await fetcher.answer(to: question, at: address)
            return try await self.desk.received(response: response, from: source, instant: self.now() / 1_000)
        }
    }

    private func publish(at instant: Int64) async {
        let (state, hasChanged) = await self.desk.state(at: instant)
        self.published.withLock { $0 = state }
        if hasChanged { await self.onChange(state) }
    }
}

extension RevocationState.Issuer {
    /// The stage, or `missing` without any list.
    package var stageName: String { self.stage?.rawValue ?? "missing" }
}
