import Synchronization
import Testing

@testable import HTTPIngress

struct LimitStateTests {
    private var configuration: HTTPIngressConfiguration {
        var configuration = HTTPIngressConfiguration()
        configuration.maximumConnectionsPerAddress = 3
        configuration.maximumConnectionsPerCertificate = 4
        configuration.maximumHandshakes = 3
        configuration.maximumRequestsInFlight = 4
        configuration.maximumBufferedBytes = 100
        configuration.maximumBufferedBytesPerCertificate = 70
        return configuration
    }

    private func state() -> LimitState { LimitState(configuration: self.configuration, maximumConnections: 7) }

    @Test func `random openings and closings never pass a limit and leave nothing behind`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        var state = self.state()
        var handshakes: [(id: Int, address: String)] = []
        var open: [(id: Int, address: String, client: Int, certificate: UInt8)] = []
        var requests: [(bytes: Int, client: Int)] = []
        func addresses() -> [String] { handshakes.map(\.address) + open.map(\.address) }
        for _ in 1...10_000 {
            switch Int.random(in: 0...5, using: &random) {
            case 0:
                let address = "10.0.0.\(Int.random(in: 1...4, using: &random))"
                let hasRoom = addresses().count < 7 && handshakes.count < 3
                let allowed = addresses().count(where: { $0 == address }) < 3 && (hasRoom || !handshakes.isEmpty)
                switch state.openConnection(from: address) {
                case .refused: #expect(!allowed, "seed \(seed)")
                case .opened(let id, let evicted):
                    #expect(allowed && evicted == (hasRoom ? nil : handshakes.first?.id), "seed \(seed)")
                    if evicted != nil { handshakes.removeFirst() }
                    handshakes.append((id, address))
                    // Its own end comes later and changes nothing.
                    if let evicted { state.closeConnection(evicted) }
                }
            case 1:
                guard let index = handshakes.indices.randomElement(using: &random) else { continue }
                let certificate = UInt8.random(in: 1...2, using: &random)
                let known = open.filter { $0.certificate == certificate }
                let client = state.handshakeCompleted(handshakes[index].id, certificate: [certificate])
                #expect((client != nil) == (known.count < 4), "seed \(seed)")
                guard let client else { continue }
                if let one = known.first { #expect(one.client == client, "seed \(seed)") }
                let (id, address) = handshakes.remove(at: index)
                open.append((id, address, client, certificate))
            case 2:
                if Bool.random(using: &random), let index = handshakes.indices.randomElement(using: &random) {
                    state.closeConnection(handshakes.remove(at: index).id)
                } else if let index = open.indices.randomElement(using: &random) {
                    state.closeConnection(open.remove(at: index).id)
                }
            case 3:
                guard let client = open.randomElement(using: &random)?.client else { continue }
                #expect(state.beginRequest() == (requests.count < 4), "seed \(seed)")
                guard requests.count < 4 else { continue }
                let bytes = Int.random(in: 0...60, using: &random)
                let own = requests.filter { $0.client == client }.map(\.bytes).reduce(0, +)
                let fits = requests.map(\.bytes).reduce(0, +) + bytes <= 100 && own + bytes <= 70
                #expect(state.buffer(bytes, of: client) == fits, "seed \(seed)")
                requests.append((fits ? bytes : 0, client))
            default:
                guard let index = requests.indices.randomElement(using: &random) else { continue }
                let (bytes, client) = requests.remove(at: index)
                state.endRequest(buffered: bytes, of: client)
            }
            #expect(state.connections == addresses().count && state.requests == requests.count, "seed \(seed)")
            #expect(state.handshakeCount == handshakes.count, "seed \(seed)")
            #expect(state.bufferedBytes == requests.map(\.bytes).reduce(0, +), "seed \(seed)")
        }
        for id in handshakes.map(\.id) + open.map(\.id) { state.closeConnection(id) }
        for (bytes, client) in requests { state.endRequest(buffered: bytes, of: client) }
        #expect((state.connections, state.requests, state.bufferedBytes, state.peerCount) == (0, 0, 0, 0))
    }

    @Test func `silent connections give their places to newcomers, and those of known clients are kept`() {
        var state = self.state()
        for number in 1...4 {
            guard case .opened(let id, nil) = state.openConnection(from: "a\(number)") else {
                Issue.record("refused")
                return
            }
            #expect(state.handshakeCompleted(id, certificate: [UInt8(number)]) != nil)
        }
        for number in 1...3 {
            #expect(state.openConnection(from: "b\(number)") == .opened(id: 4 + number, evicted: nil))
        }
        #expect(state.openConnection(from: "c") == .opened(id: 8, evicted: 5))
        #expect(state.handshakeCompleted(5, certificate: [9]) == nil, "its place is another's")
        #expect(state.connections == 7)
        for id in 6...8 { #expect(state.handshakeCompleted(id, certificate: [9]) != nil) }
        // Nobody waits for a handshake any more.
        #expect(state.openConnection(from: "d") == .refused)
    }

    @Test func `an admission that is dropped gives back what it had`() throws {
        let limits = IngressLimits(configuration: self.configuration, maximumConnections: 7)
        let admitted = limits.admitConnection(from: "a", evict: {})
        let connection = try #require(admitted)
        let client = try #require(connection.handshakeCompleted(certificate: [1]))
        var held = try (1...4).map { _ in try #require(limits.admitRequest(of: client)) }
        #expect(held[0].buffer(70))
        #expect(!held[1].buffer(1))
        #expect(limits.admitRequest(of: client) == nil)
        held.removeFirst()
        #expect(limits.counts.requests == 3)
        #expect(held[0].buffer(70))
        // A response is there, whether or not there is room for it.
        held[0].hold(1_000)
        #expect(!held[1].buffer(1))
        held = []
        #expect(limits.counts.requests == 0)
        let again = try #require(limits.admitRequest(of: client))
        #expect(again.buffer(70))
    }

    @Test func `who loses its place is closed once, and nobody who has ended his handshake`() throws {
        var configuration = self.configuration
        configuration.maximumHandshakes = 1
        let limits = IngressLimits(configuration: configuration, maximumConnections: 7)
        let closed = Mutex<[String]>([])
        func open(_ address: String) -> ConnectionAdmission? {
            limits.admitConnection(from: address, evict: { closed.withLock { $0.append(address) } })
        }
        let first = try #require(open("a"))
        _ = try #require(first.handshakeCompleted(certificate: [1]))
        let second = try #require(open("b"))
        #expect(closed.withLock { $0 } == [])
        let third = try #require(open("c"))
        #expect(closed.withLock { $0 } == ["b"])
        second.release()
        #expect(second.handshakeCompleted(certificate: [2]) == nil)
        third.release()
        _ = try #require(open("d"))
        #expect(closed.withLock { $0 } == ["b"])
        #expect(limits.counts.connections == 2)
    }
}

/// A small generator whose seed can be printed and given again.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
