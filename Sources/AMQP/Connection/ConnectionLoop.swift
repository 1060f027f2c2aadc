internal import Logging

/// The life of one connection, on its own thread: connect, serve, lose, wait, connect again.
///
/// Only the loop thread touches this object. It takes work from the inbox in batches, writes as much as window and
/// socket allow, reads what the broker sent, and resumes whoever waits. The aspects stand in extensions: publishing,
/// consuming, queue requests, frames.
final class ConnectionLoop {
    /// Channel 1 publishes; channel 2 is opened for each queue request and closed after it; consumers have one each.
    static let publishChannel: UInt16 = 1
    static let requestChannel: UInt16 = 2
    static let firstConsumerChannel: UInt16 = 3

    let configuration: AMQPConfiguration
    let inbox: ConnectionInbox
    let logger: Logger
    private let topology: any TopologySource
    /// What callers have declared besides.
    var declared = Topology()
    var statistics = AMQPStatistics()
    private var backOff: BackOff
    private var addresses: AddressRotation
    private var generator = SystemRandomNumberGenerator()
    private var stop: ConnectionInbox.Stop?
    private var stopDeadline: Duration?

    // Publishing
    var ledger = ConfirmLedger<PublishWaiter>()
    var resolutions: [ConfirmLedger<PublishWaiter>.Resolution] = []
    var pending = RequestQueue<PublishRequest>()
    var returnedContent = ContentAssembler()
    var isBlocked = false
    var waitsForSocket = false

    // Consuming and requests
    var consumers: [Int: ConsumerChannel] = [:]
    var channelOwners: [UInt16: Int] = [:]
    var lastEpoch = 0
    /// Consumers with events to hand over, and with settlements to send.
    var eventful: Set<Int> = []
    var settling: Set<Int> = []
    var requests = RequestQueue<ConnectionCommand>()

    private var lastRead = Duration.zero
    private var hasMoreToRead = false

    init(
        _ configuration: AMQPConfiguration, _ topology: any TopologySource, _ inbox: ConnectionInbox,
        _ logger: Logger
    ) {
        self.configuration = configuration
        self.topology = topology
        self.inbox = inbox
        self.logger = logger
        self.backOff = BackOff(minimum: configuration.backOffMinimum, maximum: configuration.backOffMaximum)
        let one = BrokerAddress(host: configuration.host, port: configuration.port)
        self.addresses = AddressRotation(
            configuration.addresses.isEmpty ? [one] : configuration.addresses, using: &self.generator)
    }

    func run() {
        while self.stop == nil {
            do throws(AMQPError) {
                let session = try self.connect()
                try self.serve(session)
            } catch {
                self.lost(error)
                self.waitForNextAttempt()
            }
        }
        self.ended()
    }

    // MARK: Connect

    /// Topology first, then channels, then consumers: nobody sees a connection without its queues.
    private func connect() throws(AMQPError) -> BrokerSession {
        let session = try BrokerSession(connecting: self.configuration, to: self.addresses.next())
        try self.declareOwnTopology(session)
        try self.openPublishChannel(session)
        self.isBlocked = false
        self.waitsForSocket = false
        self.lastRead = self.inbox.now()
        try self.subscribeAll(session)
        self.backOff.reset()
        self.addresses.reset()
        self.statistics.connects += 1
        self.inbox.connected(self.statistics)
        self.logger.info("connected to the broker", metadata: ["amqp.connects": "\(self.statistics.connects)"])
        return session
    }

    /// When the broker refuses it and there is a successor, that is declared in its place.
    func declareOwnTopology(_ session: BrokerSession) throws(AMQPError) {
        do throws(AMQPError) {
            try self.declareTopology(self.ownTopology, session)
        } catch {
            guard error.code == .requestRefused, self.topology.hasSuccessor(after: error) else { throw error }
            try self.declareTopology(self.ownTopology, session)
        }
    }

    private var ownTopology: Topology {
        var topology = self.topology.current
        topology.merge(self.declared)
        return topology
    }

    // MARK: Serve

    /// Returns when the connection was closed as asked; throws when it is lost.
    private func serve(_ session: BrokerSession) throws(AMQPError) {
        while true {
            let isReadable = self.waitForWork(session)
            self.take(self.inbox.take(), connected: true)
            if self.stop == .immediate { break }
            if let stop = self.stop { try self.drain(session, stop) }
            if isReadable || self.hasMoreToRead || session.hasBufferedFrames || self.isReadDue(session) {
                try self.read(session)
            }
            // What a confirm settles goes out in the same round.
            self.tellPublishers()
            // Settlements before requests: whoever settles and then closes has settled.
            try self.sendSettlements(session)
            try self.performRequests(session)
            try self.sendPublishes(session)
            try self.expirePublishes()
            self.tellPublishers()
            self.deliverEvents()
            try self.renewSubscriptions(session)
            self.inbox.publish(self.statistics)
            if let deadline = self.stopDeadline, self.isDrained || self.inbox.now() >= deadline { break }
        }
        session.limitRequests(to: min(self.configuration.shutdownTimeout, .seconds(2)))
        session.closeConnection()
    }

    /// The first time everything that brings new work is ended; a shutdown during a retirement shortens its time.
    private func drain(_ session: BrokerSession, _ stop: ConnectionInbox.Stop) throws(AMQPError) {
        let isFirst = self.stopDeadline == nil
        let limit =
            stop == .retiring ? self.configuration.retirementTimeout : self.configuration.shutdownTimeout
        let deadline = self.inbox.now() + limit
        self.stopDeadline = min(self.stopDeadline ?? deadline, deadline)
        guard isFirst else { return }
        // Before the channels go, or the broker would give out again what was settled just now.
        try self.sendSettlements(session)
        try self.endAllSubscriptions(session)
    }

    private var isDrained: Bool {
        self.pending.isEmpty && self.ledger.waitingCount == 0 && self.requests.isEmpty && self.settling.isEmpty
            && self.consumers.values.allSatisfy { $0.ledger.outstandingCount == 0 }
    }

    /// Sorts new work into the places that each aspect works from; no input or output here.
    private func take(_ work: ConnectionInbox.Work, connected isConnected: Bool) {
        self.stop = work.stop
        self.pending.append(contentsOf: work.publishes)
        for settlement in work.settlements { self.settle(settlement) }
        for command in work.commands {
            switch command {
            case .subscribe(let subscription): self.add(subscription)
            case .close(let id) where !isConnected: self.forget(id)
            case .cancel(let id, let continuation) where !isConnected:
                self.forget(id)
                continuation?.resume()
            case .close, .cancel, .request: self.requests.append(command)
            }
        }
    }

    func read(_ session: BrokerSession) throws(AMQPError) {
        // A bound, so that a fast broker cannot keep our own commands waiting.
        let limit = 2_048
        var count = 0
        while count < limit, let (channel, frame) = try session.nextFrame() {
            try self.received(frame, on: channel, session)
            count += 1
        }
        self.hasMoreToRead = count == limit
        self.lastRead = self.inbox.now()
    }

    // MARK: Wait

    /// Heartbeats are sent and watched by reading, so reading is due even when nothing came.
    private func isReadDue(_ session: BrokerSession) -> Bool {
        self.inbox.now() - self.lastRead >= self.readInterval(session)
    }

    private func readInterval(_ session: BrokerSession) -> Duration {
        session.heartbeatSeconds == 0 ? .seconds(5) : .milliseconds(250 * session.heartbeatSeconds)
    }

    private func waitForWork(_ session: BrokerSession) -> Bool {
        let now = self.inbox.now()
        var wait = self.lastRead + self.readInterval(session) - now
        if self.hasMoreToRead || self.canSendMore || !self.settling.isEmpty || session.hasBufferedFrames {
            wait = .zero
        } else {
            let deadlines = [
                self.ledger.nextDeadline(), self.pending.first?.deadline, self.nextRenewal, self.stopDeadline,
            ]
            for case let deadline? in deadlines { wait = min(wait, deadline - now) }
        }
        return self.inbox.wakeup.wait(
            forAtMost: wait, orSocket: session.descriptor, untilWritable: self.waitsForSocket)
    }

    /// Between the nodes of a cluster there is no waiting, only after all of them have failed.
    private func waitForNextAttempt() {
        guard self.addresses.isRoundComplete else { return }
        let deadline = self.inbox.now() + self.backOff.next(using: &self.generator)
        while self.stop == nil {
            let rest = deadline - self.inbox.now()
            if rest <= .zero { return }
            _ = self.inbox.wakeup.wait(forAtMost: rest)
            self.take(self.inbox.take(), connected: false)
        }
    }

    // MARK: Lose and end

    /// Everyone who waits is told, once; consumers learn that what they hold is void.
    private func lost(_ error: AMQPError) {
        if self.inbox.status.isConnected { self.statistics.connectionLosses += 1 }
        let work = self.inbox.disconnected(error, self.statistics)
        self.take(work, connected: false)
        self.abandon(error)
        self.loseConsumers(error)
        self.inbox.publish(self.statistics)
        self.hasMoreToRead = false
        let metadata: Logger.Metadata = ["error.code": "\(error.code.rawValue)", "amqp.error": "\(error)"]
        switch error.code {
        case .requestRefused, .authenticationRefused, .tlsFailed:
            self.logger.error("the broker refuses what this connection needs", metadata: metadata)
        default:
            self.logger.warning("no connection to the broker", metadata: metadata)
        }
    }

    /// Outstanding publishes may have arrived, those that were never sent have not: they get different codes.
    private func abandon(_ error: AMQPError) {
        self.ledger.lost(into: &self.resolutions)
        var lost = error
        lost.code = .connectionLost
        self.tellPublishers(lost: lost)
        for request in self.pending.removeAll() {
            request.waiter.resume(AMQPError(.notConnected, operation: "basic.publish"))
        }
        for command in self.requests.removeAll() {
            if case .close(let id) = command { self.forget(id) }
            if case .cancel(let id, _) = command { self.forget(id) }
            command.refuse(lost)
        }
        self.returnedContent = ContentAssembler()
    }

    private func ended() {
        let error = AMQPError(.connectionLost, operation: "shutdown")
        self.take(self.inbox.stopped(self.statistics), connected: false)
        self.abandon(error)
        for id in Array(self.consumers.keys) { self.forget(id) }
        self.logger.info("connection to the broker closed")
    }
}
