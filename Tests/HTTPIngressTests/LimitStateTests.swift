import Testing

@testable import HTTPIngress

struct LimitStateTests {
    private var configuration: HTTPIngressConfiguration {
        var configuration = HTTPIngressConfiguration()
        configuration.maximumConnectionsPerAddress = 3
        configuration.maximumRequestsInFlight = 4
        configuration.maximumBufferedBytes = 100
        return configuration
    }

    @Test func `random openings and closings never pass a limit and leave nothing behind`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        var state = LimitState(configuration: self.configuration, maximumConnections: 7)
        var (open, requests): ([String], [Int]) = ([], [])
        for _ in 1...5_000 {
            switch Int.random(in: 0...3, using: &random) {
            case 0:
                let address = "10.0.0.\(Int.random(in: 1...4, using: &random))"
                let allowed = open.count < 7 && open.count(where: { $0 == address }) < 3
                #expect(state.openConnection(from: address) == allowed, "seed \(seed)")
                if allowed { open.append(address) }
            case 1:
                guard let index = open.indices.randomElement(using: &random) else { continue }
                state.closeConnection(from: open.remove(at: index))
            case 2:
                #expect(state.beginRequest() == (requests.count < 4), "seed \(seed)")
                guard requests.count < 4 else { continue }
                let bytes = Int.random(in: 0...60, using: &random)
                let fits = requests.reduce(0, +) + bytes <= 100
                #expect(state.buffer(bytes) == fits, "seed \(seed)")
                requests.append(fits ? bytes : 0)
            default:
                guard let index = requests.indices.randomElement(using: &random) else { continue }
                state.endRequest(buffered: requests.remove(at: index))
            }
            #expect(state.connections == open.count && state.requests == requests.count)
            #expect(state.addressCount == Set(open).count && state.bufferedBytes == requests.reduce(0, +))
        }
        for address in open { state.closeConnection(from: address) }
        for bytes in requests { state.endRequest(buffered: bytes) }
        #expect((state.connections, state.requests, state.bufferedBytes, state.addressCount) == (0, 0, 0, 0))
    }

    @Test func `an admission that is dropped gives back what it had`() throws {
        let limits = IngressLimits(configuration: self.configuration, maximumConnections: 7)
        var held = try (1...4).map { _ in try #require(limits.admitRequest()) }
        #expect(held[0].buffer(100))
        #expect(!held[1].buffer(1))
        #expect(limits.admitRequest() == nil)
        held.removeFirst()
        #expect(limits.counts.requests == 3)
        #expect(held[0].buffer(100))
        held = []
        #expect(limits.counts.requests == 0)
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
