import Metrics
import NIOCore

/// The ingress's metrics, made once: their names, and the closed sets of their dimensions.
///
/// | name | kind | dimension |
/// |---|---|---|
/// | `http.server.request.duration` | timer: header read to response sent | `http.response.status_code` |
/// | `shs.ingress.refusals` | counter: responses that accepted nothing | `reason`, see ``HTTPRefusal/allReasons`` |
/// | `shs.ingress.connections` | gauge: open TLS connections | |
/// | `shs.ingress.requests` | gauge: requests in flight | |
/// | `shs.ingress.connections.ended` | counter | `reason`, see ``Ending`` |
///
/// `http.server.request.duration` is OpenTelemetry's name (HTTP semantic conventions 1.23, stable).
struct IngressMetrics: Sendable {
    /// Why a connection ended that was not simply closed by its client or after idling.
    enum Ending: String, CaseIterable, Sendable {
        /// As many connections as one address, one client, or the whole server, may have.
        case tooMany = "too-many-connections"
        /// No handshake in time.
        case handshakeTimeout = "handshake-timeout"
        /// No or a refused client certificate, no common TLS version or cipher, or not TLS at all.
        case handshakeFailed = "handshake-failed"
        /// Another connection got its place before its handshake had ended.
        case evicted = "evicted"
        /// The client did not take its response in time.
        case responseTimeout = "response-timeout"
        /// The client went away while its request was being handled.
        case abandoned = "abandoned"
    }

    private let durations: [Int: Timer]
    private let refusals: [String: Counter]
    private let endings: [Ending: Counter]
    private let connections = Gauge(label: "shs.ingress.connections")
    private let requests = Gauge(label: "shs.ingress.requests")

    private static let statuses = [200, 400, 403, 404, 405, 408, 413, 415, 417, 429, 431, 500, 503, 504]

    init() {
        self.durations = Dictionary(
            uniqueKeysWithValues: Self.statuses.map { status in
                let dimensions = [("http.response.status_code", "\(status)")]
                return (status, Timer(label: "http.server.request.duration", dimensions: dimensions))
            }
        )
        self.refusals = Dictionary(
            uniqueKeysWithValues: HTTPRefusal.allReasons.map {
                ($0, Counter(label: "shs.ingress.refusals", dimensions: [("reason", $0)]))
            }
        )
        self.endings = Dictionary(
            uniqueKeysWithValues: Ending.allCases.map {
                ($0, Counter(label: "shs.ingress.connections.ended", dimensions: [("reason", $0.rawValue)]))
            }
        )
    }

    func responded(status: Int, after time: TimeAmount) {
        self.durations[status]?.recordNanoseconds(time.nanoseconds)
    }

    func refused(_ refusal: HTTPRefusal) { self.refusals[refusal.reason]?.increment() }

    func ended(_ ending: Ending) { self.endings[ending]?.increment() }

    func counted(_ counts: (connections: Int, requests: Int)) {
        self.connections.record(counts.connections)
        self.requests.record(counts.requests)
    }
}
