import Foundation
import Logging
import Revocation
import Synchronization
import Testing
import Trust

/// A revocation service that runs for the length of a test, with what it was told to do and what it said.
final class RunningService: Sendable {
    let service: RevocationService
    private let shift = Mutex<Int64>(0)
    private let interest: Mutex<RevocationInterest>
    private let changes = Mutex<[RevocationState]>([])
    private let log = Mutex<[String]>([])

    private init(_ configuration: RevocationConfiguration, interest: RevocationInterest) {
        let box = Box()
        self.interest = Mutex(interest)
        self.service = RevocationService(
            configuration, logger: Logger(label: "test") { _ in RecordingHandler { box.running?.said($0) } },
            now: { Int64(Date().timeIntervalSince1970 * 1_000) + (box.running?.shift.withLock { $0 } ?? 0) },
            interest: { box.running?.interest.withLock { $0 } ?? interest },
            onChange: { state in box.running?.changes.withLock { $0.append(state) } })
        box.running = self
    }

    /// Runs a service while `body` runs.
    static func run(
        _ configuration: RevocationConfiguration, interest: RevocationInterest,
        _ body: (RunningService) async throws -> Void
    ) async throws {
        let running = RunningService(configuration, interest: interest)
        let task = Task { try await running.service.run() }
        defer { task.cancel() }
        try await body(running)
        task.cancel()
        try await task.value
    }

    /// Fast enough for a test, with limits that a test can reach.
    static func configuration(folder: String? = nil) -> RevocationConfiguration {
        var configuration = RevocationConfiguration()
        configuration.tick = .milliseconds(10)
        configuration.pollInterval = .milliseconds(50)
        configuration.firstRetry = .milliseconds(50)
        configuration.longestRetry = .milliseconds(100)
        configuration.interestInterval = .milliseconds(20)
        configuration.fetchTimeout = .seconds(2)
        configuration.grace = hour
        configuration.folder = folder
        return configuration
    }

    var state: RevocationState { self.service.state }
    var changeCount: Int { self.changes.withLock { $0.count } }
    var said: [String] { self.log.withLock { $0 } }

    func moveClock(by seconds: Int64) { self.shift.withLock { $0 += seconds * 1_000 } }
    func set(_ interest: RevocationInterest) { self.interest.withLock { $0 = interest } }

    private func said(_ line: String) { self.log.withLock { $0.append(line) } }

    /// Waits for something to become true; fails when it does not within two minutes.
    ///
    /// With all suites at once on two cores, half a minute may pass before anything of this test runs again.
    func wait(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation, until isTrue: (RevocationState) -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while !isTrue(self.state) {
            if ContinuousClock.now > deadline {
                Issue.record("\(what) did not happen: \(self.state.sources)", sourceLocation: sourceLocation)
                throw CancellationError()
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private final class Box: Sendable {
        private let value = Mutex<RunningService?>(nil)
        var running: RunningService? {
            get { self.value.withLock { $0 } }
            set { self.value.withLock { $0 = newValue } }
        }
    }
}

/// Collects log lines: message and metadata.
private struct RecordingHandler: LogHandler {
    let record: @Sendable (String) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    init(_ record: @escaping @Sendable (String) -> Void) { self.record = record }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let details = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        self.record("\(event.level) \(event.message) \(details.joined(separator: " "))")
    }
}
