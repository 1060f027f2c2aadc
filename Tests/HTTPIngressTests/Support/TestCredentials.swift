import HTTPIngress
import Synchronization

/// A trust snapshot whose verdict the test decides, and which remembers what it was asked.
final class TestCredentials: TransportCredentials {
    private struct State {
        var generation = 1
        var refused: Set<[UInt8]> = []
        var asked: [[[UInt8]]] = []
        var configurationsMade = 0
        var isBroken = false
        var served: (chain: [UInt8], key: ServerKey)?
    }

    private let state = Mutex(State())
    private let certificates: TestCertificates

    init(_ certificates: TestCertificates) { self.certificates = certificates }

    var generation: Int { self.state.withLock { $0.generation } }
    /// The chains that were judged, in order.
    var asked: [[[UInt8]]] { self.state.withLock { $0.asked } }
    var configurationsMade: Int { self.state.withLock { $0.configurationsMade } }

    func serverConfiguration() throws -> (
        certificateChainPEM: [UInt8], privateKey: ServerKey, clientAnchorsPEM: [UInt8]
    ) {
        let (isBroken, served) = self.state.withLock {
            $0.configurationsMade += 1
            return ($0.isBroken, $0.served)
        }
        if isBroken { throw TestError("this snapshot has no server certificate") }
        let anchors = try self.certificates.bytes("root.pem")
        if let served { return (served.chain, served.key, anchors) }
        return (
            try self.certificates.bytes("server.pem"), .pem(try self.certificates.bytes("server.key")), anchors
        )
    }

    func acceptsClient(_ certificatesDER: [[UInt8]]) -> Bool {
        self.state.withLock {
            $0.asked.append(certificatesDER)
            return !$0.refused.contains(certificatesDER[0])
        }
    }

    /// From the next question on; with a new generation unless told otherwise.
    func refuse(_ certificate: [UInt8], newGeneration: Bool = true) {
        self.state.withLock {
            $0.refused.insert(certificate)
            if newGeneration { $0.generation += 1 }
        }
    }

    /// Another server certificate, from the next connection on.
    func serve(chain: [UInt8], key: ServerKey) {
        self.state.withLock {
            $0.served = (chain, key)
            $0.generation += 1
        }
    }

    func newGeneration(broken: Bool = false) {
        self.state.withLock {
            $0.generation += 1
            $0.isBroken = broken
        }
    }
}
