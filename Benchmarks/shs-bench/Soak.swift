import Foundation
import Synchronization

/// Very many requests through one set of processes, whose memory must stay what it was.
///
/// A closed loop, with messages that are signed as they are sent: nothing here grows with the number of requests but one
/// sample of the processes' memory a second.
final class Soak: Sendable {
    private struct Progress {
        var started = 0
        var done = 0
        var failures: [String: Int] = [:]
        var latencies = LatencyHistogram()

        var failed: Int { self.failures.values.reduce(0, +) }
    }

    /// How much a role may grow, in hundredths.
    static let allowedGrowth = 10.0
    /// Enough to keep two processors at work.
    static let inFlight = 32
    /// So many failures end the run: something is broken, and more of the same says nothing new.
    static let patience = 100

    private let sender: Sender
    private let figures: ProcessFigures
    private let requests: Int
    private let provider: String
    private let progress = Mutex(Progress())

    /// - Parameter path: a question to all base services, of which one is asked.
    init(_ environment: BenchEnvironment, figures: ProcessFigures, question path: String, requests: Int) throws {
        let (question, provider) = try Self.question(from: try String(contentsOfFile: path, encoding: .utf8))
        self.sender = try Sender(environment, question: question)
        (self.figures, self.requests, self.provider) = (figures, requests, provider)
    }

    /// Whether nothing failed, and no role of ours grew more than it may.
    func run(output: String?) async throws -> Bool {
        say(
            "\(self.requests) requests, \(Self.inFlight) in flight; a request is a freshly signed message with one question "
                + "about one person to one base service (\(self.provider)), which answers at once with "
                + "everything it has; its signed reply is read")
        var report = SoakReport(requests: self.requests, inFlight: Self.inFlight)
        let start = ContinuousClock.now
        async let sending: Void = self.send()
        try await self.watch(since: start, &report)
        await sending
        await self.sender.shutdown()
        let progress = self.progress.withLock { $0 }
        report.requestsPerSecond = Double(progress.done) / ((ContinuousClock.now - start) / .seconds(1))
        report.p50Milliseconds = progress.latencies.percentile(0.5)
        report.p99Milliseconds = progress.latencies.percentile(0.99)
        report.failures = progress.failures
        let isGood = self.verdict(&report)
        if let output { try JSONEncoder().encode(report).write(to: URL(fileURLWithPath: output)) }
        return isGood
    }

    private func send() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<Self.inFlight {
                group.addTask { while self.begin() { await self.sendOne() } }
            }
        }
    }

    /// Whether there is one more request to send.
    private func begin() -> Bool {
        self.progress.withLock { progress in
            guard progress.started < self.requests, progress.failed < Self.patience else { return false }
            progress.started += 1
            return true
        }
    }

    private func sendOne() async {
        let start = ContinuousClock.now
        let outcome: Sender.Outcome
        do {
            outcome = await self.sender.post(try self.sender.message())
        } catch {
            outcome = .other("\(error)")
        }
        let latency = ContinuousClock.now - start
        self.progress.withLock { progress in
            progress.done += 1
            switch outcome {
            case .reply: progress.latencies.add(latency)
            case .refused: progress.failures["429", default: 0] += 1
            case .other(let what): progress.failures[what, default: 0] += 1
            }
        }
    }

    /// Looks at the processes each second, and says how far it is at each twentieth.
    private func watch(since start: ContinuousClock.Instant, _ report: inout SoakReport) async throws {
        var (said, saidAt, step) = (0, start, 1)
        var isRunning = true
        while isRunning {
            try await ContinuousClock().sleep(for: .seconds(1))
            let (done, failed) = self.progress.withLock { ($0.done, $0.failed) }
            let now = ContinuousClock.now
            let memory = self.figures.memory()
            report.add(.init(seconds: (now - start) / .seconds(1), done: done, failed: failed, memoryMiB: memory))
            isRunning = done < self.requests && failed < Self.patience
            guard done * 20 >= step * self.requests || !isRunning else { continue }
            let rate = Double(done - said) / ((now - saidAt) / .seconds(1))
            let roles = memory.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.now.text(1))" }
            say(
                "\(done * 100 / self.requests) %: \(done) done, \(rate.text(0))/s, \(failed) failed; resident MiB: "
                    + roles.joined(separator: ", "))
            (said, saidAt, step) = (done, now, done * 20 / self.requests + 1)
        }
    }

    private func verdict(_ report: inout SoakReport) -> Bool {
        let unknown = report.compare(self.figures.roles)
        say(
            "\n\(report.requestsPerSecond.text(1)) requests/s, p50 \(report.p50Milliseconds.text(1)) ms, "
                + "p99 \(report.p99Milliseconds.text(1)) ms")
        say("resident memory, medians of the second tenth and of the last tenth of the requests, and the most ever:")
        var complaints = unknown.map { "nothing is known of \($0): it has ended, or there were too few requests" }
        for role in report.growth {
            say(
                "   \(role.role): \(role.secondTenth.text(1)) -> \(role.lastTenth.text(1)) MiB "
                    + "(\(role.percent.text(1)) %), at most \(role.peak.text(1))")
            // The broker is no role of ours, and takes what it is allowed to.
            if role.role != "broker", role.percent > Self.allowedGrowth {
                complaints.append("\(role.role) grew by more than \(Int(Self.allowedGrowth)) %")
            }
        }
        for (what, count) in report.failures.sorted(by: { $0.key < $1.key }) {
            complaints.append("\(count) requests failed: \(what)")
        }
        for complaint in complaints { say("NOT AS IT MUST BE: \(complaint)") }
        return complaints.isEmpty
    }

    /// The example asks all seven; this is the same question to the first of them.
    private static func question(from document: String) throws -> (document: [UInt8], provider: String) {
        let included = #" inkludera="true""#
        let parts = document.components(separatedBy: included)
        guard parts.count > 1, let start = parts[0].lastIndex(of: "<") else {
            throw BenchEnvironment.Missing(description: "the question asks no base service")
        }
        let others = parts.dropFirst().joined(separator: #" inkludera="false""#)
        return ([UInt8]((parts[0] + included + others).utf8), String(parts[0][parts[0].index(after: start)...]))
    }
}
