import NIOCore

/// How long a connection may stay where it is, and what happens when it stays longer.
///
/// Pure: told what happened and when, it says the deadline. The body's deadline moves with the bytes that arrive, which
/// makes "at least so many bytes a second after the grace" one comparison instead of a ticking meter.
struct ConnectionTimeline {
    enum Phase: Equatable {
        case handshaking
        /// Nothing of a request has arrived.
        case idle
        case readingHeader
        case readingBody(bytes: Int)
        /// The handler has the request, and its own deadline.
        case handling
        /// The response is on its way out.
        case responding
        /// Refused; what still arrives is thrown away.
        case lingering
        case closed
    }

    /// What happens at the deadline.
    enum Expiry: Equatable {
        case close
        /// Answered as ``SHS/Fault/messageTooSlow``.
        case refuseAsTooSlow
    }

    private(set) var phase: Phase
    private(set) var deadline: NIODeadline?
    private var began: NIODeadline
    private let configuration: HTTPIngressConfiguration

    init(configuration: HTTPIngressConfiguration, at now: NIODeadline) {
        self.configuration = configuration
        self.phase = .handshaking
        self.began = now
        self.deadline = now + TimeAmount(configuration.handshakeTime)
    }

    /// Bytes of a request or of the time before one: the header's time begins with the first.
    mutating func bytesArrived(at now: NIODeadline) {
        if self.phase == .idle { self.enter(.readingHeader, at: now) }
    }

    mutating func bodyArrived(bytes: Int) {
        guard case .readingBody(let before) = self.phase else { return }
        self.phase = .readingBody(bytes: before + bytes)
        self.deadline = self.bodyDeadline(bytes: before + bytes)
    }

    mutating func enter(_ phase: Phase, at now: NIODeadline) {
        guard self.phase != .closed else { return }
        self.phase = phase
        self.began = now
        switch phase {
        case .handshaking: self.deadline = now + TimeAmount(self.configuration.handshakeTime)
        case .idle: self.deadline = now + TimeAmount(self.configuration.idleTime)
        case .readingHeader: self.deadline = now + TimeAmount(self.configuration.headerTime)
        case .readingBody(let bytes): self.deadline = self.bodyDeadline(bytes: bytes)
        case .responding: self.deadline = now + TimeAmount(self.configuration.responseTime)
        case .lingering: self.deadline = now + TimeAmount(self.configuration.lingerTime)
        case .handling, .closed: self.deadline = nil
        }
    }

    /// What to do at `now`, or nil when the deadline has not been reached.
    func expiry(at now: NIODeadline) -> Expiry? {
        guard let deadline = self.deadline, now >= deadline else { return nil }
        switch self.phase {
        case .readingHeader, .readingBody: return .refuseAsTooSlow
        case .handshaking, .idle, .handling, .responding, .lingering, .closed: return .close
        }
    }

    /// The moment at which the average since the grace falls below the minimum, at most the body's whole time.
    private func bodyDeadline(bytes: Int) -> NIODeadline {
        let earned = TimeAmount.nanoseconds(
            Int64(bytes) * 1_000_000_000 / Int64(max(1, self.configuration.minimumBodyRate)))
        let grace = TimeAmount(self.configuration.bodyGrace)
        return self.began + min(grace + earned, TimeAmount(self.configuration.bodyTime))
    }
}
