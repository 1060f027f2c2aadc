/// Everything that decides how one connection to the broker behaves.
///
/// Durations are real time, sizes are bytes. Every default has its reason beside it. Nothing here is read again after
/// the connection was made.
package struct AMQPConfiguration: Sendable {
    /// Host name or address.
    ///
    /// With TLS it must be a name in the server's certificate: librabbitmq compares DNS names only, so a broker on this
    /// machine is `localhost`, never `127.0.0.1`.
    package var host: String = "localhost"

    /// 5672 is the registered port of AMQP; a broker's TLS listener is 5671.
    package var port: Int = 5672

    /// The nodes of a cluster, each as good as the others; empty means the one that ``host`` and ``port`` name.
    ///
    /// Every attempt takes the next one, and the first is drawn, so that the processes that lost a node do not all come
    /// to the same other.
    package var addresses: [BrokerAddress] = []

    /// The broker's own default virtual host.
    package var virtualHost: String = "/"

    /// The user of a fresh broker, accepted from loopback only.
    package var credentials: AMQPCredentials = .password(user: "guest", password: "guest")

    /// `nil` means plain TCP, for a broker on loopback or behind a tunnel.
    package var tls: AMQPTLSFiles?

    /// Shown in the broker's list of connections, so that an operator can tell the roles apart.
    package var connectionName: String = "amqp"

    /// Ten seconds: a dead peer is noticed after at most two and a half of them, and one frame in ten seconds costs
    /// nothing.
    ///
    /// The broker may ask for less and then gets it.
    package var heartbeat: Duration = .seconds(10)

    /// Five seconds for the TCP and TLS handshakes, and again for the login: a broker on the same network answers in
    /// milliseconds, and a new attempt is better than a long wait for a lost packet.
    package var connectTimeout: Duration = .seconds(5)

    /// Ten seconds for one request such as declaring a queue: electing the leader of a new quorum queue in a
    /// cluster takes a second or two.
    package var requestTimeout: Duration = .seconds(10)

    /// Ten seconds from `publish` to the broker's confirm.
    ///
    /// A quorum queue that lost its leader answers within five.
    package var confirmTimeout: Duration = .seconds(10)

    /// How long an orderly shutdown waits for confirms and settlements: less than the ten seconds that a container
    /// is usually given after SIGTERM.
    package var shutdownTimeout: Duration = .seconds(5)

    /// How long a connection that has been replaced may live on while what came on it is answered and settled: longer
    /// than the twelve seconds that any transaction may take.
    package var retirementTimeout: Duration = .seconds(20)

    /// How long new credentials may take to bring up a connection before the old ones stay in use: the two handshakes,
    /// and a request for the topology.
    package var renewalTimeout: Duration = .seconds(15)

    /// The first new attempt comes soon, since most losses are a restart of the connection only.
    package var backOffMinimum: Duration = .milliseconds(100)

    /// Never more than five seconds between attempts: a reply has twelve seconds in all.
    package var backOffMaximum: Duration = .seconds(5)

    /// Publishes on the wire without a confirm.
    ///
    /// Measured with 2 KiB on a quorum queue: 1 gives 2,000/s, 500 gives 39,000/s, more gives nothing. The rest waits
    /// here, in order.
    package var outstandingWindow: Int = 1_000

    /// 128 KiB, the broker's own value: a typical message is one frame and a large one does not block heartbeats.
    package var frameMaximum: Int = 131_072

    /// A broker that is out of memory or disk stops reading.
    ///
    /// True: a publish then fails at once with `.blocked`, so that the caller can say so to whoever waits; false: it
    /// waits for its confirm time-out.
    package var failsFastWhenBlocked: Bool = true

    package init() {}

    /// Says which value is out of range, by the name of the property.
    package func validate() throws(AMQPError) {
        func require(_ condition: Bool, _ name: String) throws(AMQPError) {
            if !condition { throw AMQPError(.invalidConfiguration, operation: name) }
        }
        try require(!self.host.isEmpty, "host")
        try require((1...65_535).contains(self.port), "port")
        try require(self.addresses.allSatisfy { !$0.host.isEmpty && (1...65_535).contains($0.port) }, "addresses")
        try require(self.heartbeat >= .seconds(1) && self.heartbeat <= .seconds(600), "heartbeat")
        try require(self.connectTimeout > .zero, "connectTimeout")
        try require(self.requestTimeout > .zero, "requestTimeout")
        try require(self.confirmTimeout > .zero, "confirmTimeout")
        try require(self.shutdownTimeout >= .zero, "shutdownTimeout")
        try require(self.retirementTimeout >= .zero, "retirementTimeout")
        try require(self.renewalTimeout > .zero, "renewalTimeout")
        try require(self.backOffMinimum > .zero, "backOffMinimum")
        try require(self.backOffMaximum >= self.backOffMinimum, "backOffMaximum")
        try require((1...65_535).contains(self.outstandingWindow), "outstandingWindow")
        // AMQP 0-9-1 §4.2.3: no peer may ask for less than 4,096 octets.
        try require((4_096...16_777_216).contains(self.frameMaximum), "frameMaximum")
        if case .external = self.credentials {
            try require(self.tls?.certificate != nil, "tls.certificate")
        }
        try require((self.tls?.certificate == nil) == (self.tls?.privateKey == nil), "tls.privateKey")
    }
}
