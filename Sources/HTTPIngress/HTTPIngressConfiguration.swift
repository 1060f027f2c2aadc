/// The ingress's address and every limit that protects it; all defaults stand here with their reason.
///
/// Byte counts are plain bytes, times are `Duration`s. Read once at start; nothing of it changes while the server runs.
package struct HTTPIngressConfiguration: Sendable {
    /// The address to listen on; loopback, so that nothing is exposed by accident.
    package var host = "127.0.0.1"
    /// The port; 0 takes a free one, which ``HTTPIngress`` reports when it listens.
    package var port = 0
    /// The one path that answers, as SHS nodes have it; everything else is 404.
    package var path = "/shs/rs"

    /// Request line and header fields together, 16 KiB: an SHS request has about ten short fields; more is 431.
    package var maximumHeaderBytes = 16 * 1_024
    /// Number of header fields, trailers included; more is 431.
    package var maximumHeaderCount = 64
    /// The body, 4 MiB: ten signed questions are about 50 kB, so a message of this size is a mistake; more is 413.
    package var maximumBodyBytes = 4 * 1_024 * 1_024

    /// Chunks, or reads from the network, in which a body may come; a chunk of more than 1 KiB counts as several.
    ///
    /// Each costs as much as a kilobyte does. So many are 4 MiB in chunks of 1 KiB, and twice that; more is 413.
    package var maximumBodyPieces = 8_192

    /// From accepting the connection to the end of the TLS handshake; a handshake takes three round trips.
    package var handshakeTime: Duration = .seconds(10)
    /// From a request's first byte to the end of its header; later is 408.
    package var headerTime: Duration = .seconds(10)
    /// How long a body may take whatever its rate: a slow start is not yet an attack.
    package var bodyGrace: Duration = .seconds(5)
    /// Bytes a second, averaged, that a body must arrive with after the grace; slower is 408.
    package var minimumBodyRate = 1_024
    /// The longest that any body may take, since at the minimum rate alone 4 MiB would hold memory for an hour.
    package var bodyTime: Duration = .seconds(120)
    /// How long a connection without a request in progress stays open.
    package var idleTime: Duration = .seconds(60)
    /// How long a response may take to leave for a client that does not read.
    package var responseTime: Duration = .seconds(60)
    /// How long a refused client's remaining bytes are read and thrown away before the connection is closed: closing at
    /// once would reset the connection, and the refusal would be lost with it.
    package var lingerTime: Duration = .seconds(2)

    /// How long a refusal is held back when the client had sent its request before the last response left, as no SHS client
    /// does: thousands of requests in one go are refused one by one, one a second on each connection.
    package var pipelinedRefusalTime: Duration = .seconds(1)

    /// Open connections from one address: a municipality's system needs a few, a supplier for many some dozens.
    package var maximumConnectionsPerAddress = 64
    /// Connections whose handshake has not ended; with one more, the one that has waited longest is closed.
    ///
    /// A handshake takes milliseconds, so this many wait only when somebody connects and says nothing, who shall not keep
    /// others out for ``handshakeTime``; 1,000 leave a handshake 0.2 s when 5,000 come in a second, and are more than come
    /// back at once after a restart.
    package var maximumHandshakes = 1_000
    /// Open connections that show one and the same certificate, from whatever addresses, so that one client leaves room
    /// for others: four of the addresses that it may come from.
    package var maximumConnectionsPerCertificate = 256
    /// Open connections in total; each costs about 50 kB with TLS and one file descriptor.
    package var maximumConnections = 2_000
    /// Requests between the end of their header and the end of their response; more is 429.
    ///
    /// The load that is aimed at, 300/s, fits with replies that take five seconds.
    package var maximumRequestsInFlight = 1_500
    /// Bytes of all requests in flight together, their bodies and then their responses, 256 MiB: bounds memory where count
    /// and size together would not; a body that would be more is 429.
    package var maximumBufferedBytes = 256 * 1_024 * 1_024
    /// The same for the requests of one certificate, a quarter of it: whoever sends the largest bodies it can, and does not
    /// read what it is answered, leaves room for others.
    package var maximumBufferedBytesPerCertificate = 64 * 1_024 * 1_024

    /// An open connection's client certificate is judged again when the trust snapshot changed, and after this time even
    /// when it did not: certificates also expire.
    package var clientRecheckTime: Duration = .seconds(60)
    /// What `Retry-After` says where the handler gives nothing better.
    package var retryAfter: Duration = .seconds(5)
    /// How much of a refused request's body is read so that its connection can be kept, 64 KiB: as much as ten questions
    /// have; with more the connection is closed.
    package var maximumDiscardedBytes = 64 * 1_024
    /// At shutdown, how long requests in flight may take to finish before they are answered 503.
    ///
    /// Longer than the longest deadline: 12 s, and 1.5 s for each of nine further persons.
    package var shutdownTime: Duration = .seconds(30)

    package init() {}
}
