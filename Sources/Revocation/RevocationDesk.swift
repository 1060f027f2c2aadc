internal import Dispatch
internal import Logging
internal import Metrics
internal import Observability
internal import Trust

/// Takes in what was fetched, one after the other on a thread of its own: a large list takes a second to read and check,
/// and memory for one such list at a time.
actor RevocationDesk {
    /// One address of a source.
    private struct Place: Hashable {
        let source: String
        let address: String
    }

    private let configuration: RevocationConfiguration
    private let logger: Logger
    private let cache: RevocationCache?
    private let executor = QueueExecutor(label: "revocation")
    private var interest: RevocationInterest?
    private var plan = RevocationPlan.none
    private var ledger: RevocationLedger
    /// What was last taken from each place, for asking whether there is something newer.
    private var versions: [Place: RevocationFetcher.Version] = [:]
    private var status: [String: RevocationState.Source] = [:]
    private var hasChanged = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    init(_ configuration: RevocationConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        self.cache = RevocationCache(configuration)
        self.ledger = RevocationLedger(configuration)
    }

    /// Takes over whose revocation matters.
    ///
    /// - Returns: The sources to ask; nil when nothing is different.
    func interestChanged(_ interest: RevocationInterest, at instant: Int64) -> Set<String>? {
        guard interest != self.interest else { return nil }
        let hadAuthorities = self.interest?.authorities
        self.interest = interest
        let old = self.plan
        self.plan = RevocationPlan(interest, configuration: self.configuration, previous: old)
        if self.ledger.planChanged(self.plan) {
            self.hasChanged = true
            // What was forgotten has to come again when it is wanted again.
            self.versions = [:]
        }
        // An authority's lists may be in the folder from an earlier run.
        if hadAuthorities != interest.authorities { self.loadLists(at: instant) }
        for (id, source) in self.plan.sources where old.sources[id] == nil { self.loadAnswer(of: source, at: instant) }
        self.status = self.plan.sources.mapValues { source in
            self.status[source.id] ?? .init(address: source.address, lastSuccess: nil, failure: nil)
        }
        self.versions = self.versions.filter { self.plan.sources[$0.key.source] != nil }
        return Set(self.plan.sources.keys)
    }

    func source(_ id: String) -> RevocationSource? { self.plan.sources[id] }

    func version(of address: String, for source: RevocationSource) -> RevocationFetcher.Version? {
        self.versions[Place(source: source.id, address: address)]
    }

    /// What is known now, and whether that is different from when this was asked last.
    func state(at instant: Int64) -> (state: RevocationState, hasChanged: Bool) {
        defer { self.hasChanged = false }
        let sources = self.status.sorted { $0.key < $1.key }.map(\.value)
        return (
            self.ledger.state(sources: sources, grace: self.configuration.grace, at: instant), self.hasChanged
        )
    }

    /// A place of lists answered; throws when nothing of use came.
    func received(
        _ result: RevocationFetcher.Result, from source: RevocationSource, at address: String, instant: Int64
    ) throws(RevocationRefusal) -> RevocationSchedule.Outcome {
        guard case .bytes(let bytes, let version) = result else {
            self.succeeded(source, .unchanged, at: instant)
            return .polled
        }
        guard case .lists(_, let signers) = source.kind else { return .failed }
        let isPEM = bytes.first != 0x30
        let found = isPEM ? try? RevocationList.list(pem: bytes) : (try? RevocationList(der: bytes)).map { [$0] }
        guard let lists = found, !lists.isEmpty else { throw .notAList }
        var admissions: [RevocationLedger.Admission] = []
        for list in lists {
            let admission = self.ledger.admit(list, signers: signers, at: instant)
            admissions.append(admission)
            if admission == .adopted { self.adopted(list, at: instant) }
        }
        if let refusal = admissions.lazy.compactMap(\.refusal).first {
            self.versions[Place(source: source.id, address: address)] = nil
            throw refusal
        }
        self.versions[Place(source: source.id, address: address)] = version
        self.succeeded(source, admissions.contains(.adopted) ? .adopted : .unchanged, at: instant)
        if version.canBeAskedFor || bytes.count <= self.configuration.cheapListBytes { return .polled }
        let start = lists.compactMap(\.thisUpdate).min() ?? instant
        return .valid(from: start * 1_000, until: lists.compactMap(\.nextUpdate).min().map { $0 * 1_000 })
    }

    /// A responder answered; throws when its answer is of no use.
    func received(
        response: [UInt8], from source: RevocationSource, instant: Int64
    ) throws(RevocationRefusal) -> RevocationSchedule.Outcome {
        guard case .answer(let certificate, let issuer, _) = source.kind else { return .failed }
        let fingerprint = certificate.fingerprintText
        let admission = self.ledger.admit(response: response, about: certificate, issuer: issuer, at: instant)
        if let refusal = admission.refusal { throw refusal }
        if admission == .adopted {
            self.hasChanged = true
            // Another process may have kept a later one meanwhile: that is taken up instead of being overwritten.
            if !self.loadAnswer(of: source, at: instant),
                self.cache?.store(answer: response, fingerprint: fingerprint) == false
            {
                self.notKept()
            }
        }
        self.succeeded(source, admission, at: instant)
        guard let answer = self.ledger.answers[fingerprint] else { return .polled }
        return .answered(until: answer.nextUpdate * 1_000)
    }

    /// None of a source's places had anything of use: what was held stays.
    ///
    /// Logged when it was different before.
    func failed(_ source: RevocationSource, _ refusal: RevocationRefusal, at instant: Int64) {
        self.count("refused")
        guard var status = self.status[source.id] else { return }
        if status.failure != refusal.description {
            self.logger.warning(
                "revocation could not be refreshed",
                metadata: [LogKeys.address: "\(source.address)", LogKeys.reason: "\(refusal)"])
        }
        status.failure = refusal.description
        self.status[source.id] = status
    }

    private func succeeded(_ source: RevocationSource, _ admission: RevocationLedger.Admission, at instant: Int64) {
        self.count(admission == .adopted ? "adopted" : "unchanged")
        guard var status = self.status[source.id] else { return }
        if status.failure != nil {
            self.logger.notice("revocation is refreshed again", metadata: [LogKeys.address: "\(source.address)"])
        }
        status.failure = nil
        status.lastSuccess = instant
        self.status[source.id] = status
    }

    private func adopted(_ list: RevocationList, at instant: Int64) {
        self.hasChanged = true
        let fingerprint = list.fingerprint
        guard let cache, let slot = self.ledger.lists.first(where: { $0.value.fingerprint == fingerprint })?.key else {
            return
        }
        // Another process may have kept a newer one meanwhile: that is taken up instead of being overwritten.
        if let kept = cache.list(slot: slot).flatMap({ try? RevocationList(der: $0) }),
            self.ledger.admit(kept, isFromDisk: true, at: instant) == .adopted
        {
            return
        }
        if !cache.store(list: list.der, slot: slot) { self.notKept() }
    }

    private func loadLists(at instant: Int64) {
        guard let cache else { return }
        // One after the other: together they may be larger than memory.
        for slot in cache.slots {
            guard let list = cache.list(slot: slot).flatMap({ try? RevocationList(der: $0) }) else { continue }
            if self.ledger.admit(list, isFromDisk: true, at: instant) == .adopted { self.hasChanged = true }
        }
    }

    /// - Returns: Whether the kept answer is later than the one held, and was taken up.
    @discardableResult
    private func loadAnswer(of source: RevocationSource, at instant: Int64) -> Bool {
        guard case .answer(let certificate, let issuer, _) = source.kind,
            let response = self.cache?.answer(certificate.fingerprintText)
        else { return false }
        let held = self.ledger.answers[certificate.fingerprintText]
        let admission = self.ledger.admit(response: response, about: certificate, issuer: issuer, at: instant)
        guard admission == .adopted else { return false }
        self.hasChanged = true
        return held.map { $0.thisUpdate < self.ledger.answers[certificate.fingerprintText]?.thisUpdate ?? 0 } ?? true
    }

    /// Removes from the folder what no process uses any more.
    func tidy(at instant: Int64) {
        let removed = self.cache?.tidy(
            usedLists: Set(self.ledger.lists.keys), usedAnswers: Set(self.ledger.answers.keys), at: instant)
        guard let removed, removed > 0 else { return }
        self.logger.notice("files about revocation that nobody used were removed", metadata: ["count": "\(removed)"])
    }

    private func notKept() { self.logger.warning("revocation could not be kept on disk") }

    private func count(_ result: String) {
        Counter(label: MetricNames.revocationFetches, dimensions: [(MetricNames.Dimension.result, result)]).increment()
    }
}

extension RevocationLedger.Admission {
    fileprivate var refusal: RevocationRefusal? {
        if case .refused(let refusal) = self { return refusal }
        return nil
    }
}

/// Runs an actor's work on a thread of its own.
final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { self.queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        self.queue.async { unsafe unowned.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
