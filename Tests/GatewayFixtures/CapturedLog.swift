import Logging
import Synchronization

/// Everything that is logged in the test process, as text: for proving what is not in it.
///
/// The logging system can be set up once per process only, so every test that wants to read logs does it here.
package final class CapturedLog: Sendable {
    /// Whether what is logged in this context is of no interest, as in a hundred thousand simulated worlds.
    @TaskLocal package static var isMuted = false

    private let lines = Mutex<[String]>([])

    package static let shared: CapturedLog = {
        let log = CapturedLog()
        LoggingSystem.bootstrap { _ in Handler(log: log) }
        return log
    }()

    /// All lines so far; other tests run at the same time, so look for what is yours.
    package var text: [String] { self.lines.withLock { $0 } }

    fileprivate func append(_ line: String) { self.lines.withLock { $0.append(line) } }
}

private struct Handler: LogHandler {
    let log: CapturedLog
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    init(log: CapturedLog) {
        self.log = log
    }

    func log(event: LogEvent) {
        if CapturedLog.isMuted { return }
        let metadata = self.metadata.merging(event.metadata ?? [:]) { $1 }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        self.log.append(([event.level.rawValue, "\(event.message)"] + metadata).joined(separator: " "))
    }
}
