/// The ingress's counters against its limits; plain values, so that every order of events can be tested.
struct LimitState {
    private(set) var connections = 0
    private(set) var requests = 0
    private(set) var bufferedBytes = 0
    private var connectionsByAddress: [String: Int] = [:]
    private let configuration: HTTPIngressConfiguration
    /// The configured number, or what the process's file descriptors allow.
    private let maximumConnections: Int

    init(configuration: HTTPIngressConfiguration, maximumConnections: Int) {
        self.configuration = configuration
        self.maximumConnections = maximumConnections
    }

    mutating func openConnection(from address: String) -> Bool {
        let already = self.connectionsByAddress[address, default: 0]
        guard self.connections < self.maximumConnections,
            already < self.configuration.maximumConnectionsPerAddress
        else { return false }
        self.connections += 1
        self.connectionsByAddress[address] = already + 1
        return true
    }

    mutating func closeConnection(from address: String) {
        self.connections -= 1
        let left = self.connectionsByAddress[address, default: 1] - 1
        self.connectionsByAddress[address] = left == 0 ? nil : left
    }

    mutating func beginRequest() -> Bool {
        guard self.requests < self.configuration.maximumRequestsInFlight else { return false }
        self.requests += 1
        return true
    }

    mutating func buffer(_ bytes: Int) -> Bool {
        guard self.bufferedBytes + bytes <= self.configuration.maximumBufferedBytes else { return false }
        self.bufferedBytes += bytes
        return true
    }

    mutating func endRequest(buffered: Int) {
        self.requests -= 1
        self.bufferedBytes -= buffered
    }

    /// Addresses with a connection; for tests that nothing is kept about those that have gone.
    var addressCount: Int { self.connectionsByAddress.count }
}
