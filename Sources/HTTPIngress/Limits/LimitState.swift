/// The ingress's counters against its limits; plain values, so that every order of events can be tested.
struct LimitState {
    /// What becomes of a connection that has just been accepted by the system.
    enum Opening: Equatable {
        case refused
        /// `evicted` has waited longest for its handshake, and is to be closed: its place is taken already.
        case opened(id: Int, evicted: Int?)
    }

    private struct Connection {
        let address: String
        /// Nil until its handshake has ended.
        var client: Int?
    }

    /// What the connections that show one certificate have.
    private struct Client {
        let certificate: [UInt8]
        var connections = 0
        var bufferedBytes = 0
    }

    private(set) var requests = 0
    private(set) var bufferedBytes = 0
    private var open: [Int: Connection] = [:]
    private var lastID = 0
    /// In the order of their beginning.
    private var handshakes: [Int] = []
    private var connectionsByAddress: [String: Int] = [:]
    private var clients: [Int: Client] = [:]
    private var numbers: [[UInt8]: Int] = [:]
    private let configuration: HTTPIngressConfiguration
    /// The configured number, or what the process's file descriptors allow.
    private let maximumConnections: Int

    init(configuration: HTTPIngressConfiguration, maximumConnections: Int) {
        self.configuration = configuration
        self.maximumConnections = maximumConnections
    }

    var connections: Int { self.open.count }

    /// Whoever connects and says nothing keeps nobody out: a newcomer gets the place of the one that has waited longest.
    mutating func openConnection(from address: String) -> Opening {
        let already = self.connectionsByAddress[address, default: 0]
        guard already < self.configuration.maximumConnectionsPerAddress else { return .refused }
        var evicted: Int?
        if self.connections >= self.maximumConnections || self.handshakes.count >= self.configuration.maximumHandshakes
        {
            guard let oldest = self.handshakes.first else { return .refused }
            self.closeConnection(oldest)
            evicted = oldest
        }
        self.lastID += 1
        self.open[self.lastID] = Connection(address: address)
        self.handshakes.append(self.lastID)
        self.connectionsByAddress[address, default: 0] += 1
        return .opened(id: self.lastID, evicted: evicted)
    }

    /// The client by which requests are counted; nil when it has as many connections as it may, or this one's place is gone.
    mutating func handshakeCompleted(_ id: Int, certificate: [UInt8]) -> Int? {
        guard self.open[id] != nil else { return nil }
        let number = self.numbers[certificate] ?? id
        var client = self.clients[number] ?? Client(certificate: certificate)
        guard client.connections < self.configuration.maximumConnectionsPerCertificate else { return nil }
        client.connections += 1
        self.clients[number] = client
        self.numbers[certificate] = number
        self.open[id]?.client = number
        self.handshakes.removeAll { $0 == id }
        return number
    }

    /// Also for one that has been closed before, since somebody else got its place.
    mutating func closeConnection(_ id: Int) {
        guard let connection = self.open.removeValue(forKey: id) else { return }
        let left = self.connectionsByAddress[connection.address, default: 1] - 1
        self.connectionsByAddress[connection.address] = left == 0 ? nil : left
        guard let client = connection.client else {
            self.handshakes.removeAll { $0 == id }
            return
        }
        self.clients[client]?.connections -= 1
        self.forget(client)
    }

    mutating func beginRequest() -> Bool {
        guard self.requests < self.configuration.maximumRequestsInFlight else { return false }
        self.requests += 1
        return true
    }

    mutating func buffer(_ bytes: Int, of client: Int) -> Bool {
        let already = self.clients[client]?.bufferedBytes ?? 0
        guard self.bufferedBytes + bytes <= self.configuration.maximumBufferedBytes,
            already + bytes <= self.configuration.maximumBufferedBytesPerCertificate
        else { return false }
        self.hold(bytes, of: client)
        return true
    }

    /// Counts what cannot be refused any more.
    mutating func hold(_ bytes: Int, of client: Int) {
        self.bufferedBytes += bytes
        self.clients[client]?.bufferedBytes += bytes
    }

    mutating func endRequest(buffered: Int, of client: Int) {
        self.requests -= 1
        self.bufferedBytes -= buffered
        self.clients[client]?.bufferedBytes -= buffered
        self.forget(client)
    }

    /// A request may outlive its connection, and what it holds is still its client's.
    private mutating func forget(_ number: Int) {
        guard let client = self.clients[number], client.connections == 0, client.bufferedBytes == 0 else { return }
        self.clients[number] = nil
        self.numbers[client.certificate] = nil
    }

    /// Addresses and certificates with a connection; for tests that nothing is kept about those that have gone.
    var peerCount: Int { self.connectionsByAddress.count + self.clients.count + self.numbers.count }
    var handshakeCount: Int { self.handshakes.count }
}
