import Testing

@testable import AMQP

@Suite struct AddressRotationTests {
    private let nodes = (1...3).map { BrokerAddress(host: "node-\($0)", port: 5_672) }

    @Test func `every node is tried once before one is tried again`() {
        var generator = SeededGenerator(seed: 1)
        var rotation = AddressRotation(self.nodes, using: &generator)
        let tried = (0..<6).map { _ in rotation.next() }
        #expect(Set(tried.prefix(3).map(\.host)).count == 3)
        #expect(Array(tried.prefix(3)) == Array(tried.suffix(3)))
    }

    @Test func `processes do not all begin at the same node`() {
        let first = (UInt64(0)..<20).map { seed in
            var generator = SeededGenerator(seed: seed)
            var rotation = AddressRotation(self.nodes, using: &generator)
            return rotation.next().host
        }
        #expect(Set(first).count == 3)
    }

    @Test func `a wait is due after a loss and after each round, not between the nodes`() {
        var generator = SeededGenerator(seed: 2)
        var rotation = AddressRotation(self.nodes, using: &generator)
        var rounds: [Bool] = []
        for _ in 0..<4 {
            rounds.append(rotation.isRoundComplete)
            _ = rotation.next()
        }
        #expect(rounds == [true, false, false, true])
        rotation.reset()
        #expect(rotation.isRoundComplete)
    }

    @Test(arguments: [("a:5672", "a", 5_672), ("[::1]:1", "::1", 1)])
    func `an address is read`(text: String, host: String, port: Int) {
        #expect(BrokerAddress(text) == BrokerAddress(host: host, port: port))
        #expect(BrokerAddress(text)?.description == text)
    }

    @Test(arguments: ["", "a", "a:", ":5672", "a:0", "a:65536", "::1:5672", "a:b"])
    func `what is no address is refused`(text: String) {
        #expect(BrokerAddress(text) == nil)
    }
}
