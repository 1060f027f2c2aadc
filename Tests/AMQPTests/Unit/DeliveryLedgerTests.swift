import Testing

@testable import AMQP

@Suite struct DeliveryLedgerTests {
    @Test func `neighbours become one acknowledgement`() {
        var ledger = DeliveryLedger()
        for number: UInt64 in 1...5 { #expect(result(ledger.delivered(number))) }
        for number: UInt64 in [2, 1, 3] { #expect(result(ledger.acknowledge(number))) }
        #expect(result(ledger.takeSettlements()) == [.acknowledge(3, multiple: true)])
        #expect(ledger.outstandingCount == 2)
        #expect(result(ledger.takeSettlements()) == [])
    }

    @Test func `nothing that is still held is covered`() {
        var ledger = DeliveryLedger()
        for number: UInt64 in 1...4 { #expect(result(ledger.delivered(number))) }
        #expect(result(ledger.acknowledge(2)) && result(ledger.acknowledge(4)))
        #expect(
            result(ledger.takeSettlements()) == [.acknowledge(2, multiple: false), .acknowledge(4, multiple: false)])
        #expect(result(ledger.acknowledge(1)))
        #expect(result(ledger.takeSettlements()) == [.acknowledge(1, multiple: false)])
    }

    @Test func `rejections go before the acknowledgement that would cover them`() {
        var ledger = DeliveryLedger()
        for number: UInt64 in 1...3 { #expect(result(ledger.delivered(number))) }
        #expect(
            result(ledger.acknowledge(1)) && result(ledger.acknowledge(3)) && result(ledger.reject(2, requeue: true)))
        #expect(result(ledger.takeSettlements()) == [.reject(2, requeue: true), .acknowledge(3, multiple: true)])
    }

    @Test func `a second settlement is refused`() {
        var ledger = DeliveryLedger()
        #expect(result(ledger.delivered(1)))
        #expect(result(ledger.acknowledge(1)))
        #expect(!result(ledger.acknowledge(1)))
        #expect(!result(ledger.reject(1, requeue: false)))
        _ = ledger.takeSettlements()
        #expect(!result(ledger.acknowledge(1)))
        #expect(!result(ledger.acknowledge(2)))
        #expect(!result(ledger.acknowledge(0)))
    }

    @Test func `a delivery out of order is refused`() {
        var ledger = DeliveryLedger()
        #expect(!result(ledger.delivered(2)))
        #expect(result(ledger.delivered(1)))
        #expect(!result(ledger.delivered(1)))
    }

    @Test(arguments: 0..<40) func `a broker ends up with exactly what was decided`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var ledger = DeliveryLedger()
        // As the broker sees it, and as the user decided.
        var unsettled: Set<UInt64> = []
        var acknowledged: Set<UInt64> = []
        var wanted: Set<UInt64> = []
        var held: Set<UInt64> = []
        var next: UInt64 = 1
        for _ in 0..<3_000 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5:
                #expect(result(ledger.delivered(next)))
                unsettled.insert(next)
                held.insert(next)
                next += 1
            case 5..<8:
                if let number = held.randomElement(using: &generator) {
                    held.remove(number)
                    wanted.insert(number)
                    #expect(result(ledger.acknowledge(number)))
                }
            case 8:
                if let number = held.randomElement(using: &generator) {
                    held.remove(number)
                    #expect(result(ledger.reject(number, requeue: false)))
                }
            default:
                for settlement in ledger.takeSettlements() {
                    switch settlement {
                    case .acknowledge(let number, let multiple):
                        // RabbitMQ closes the channel for a tag that it does not know.
                        #expect(unsettled.contains(number), "seed \(seed)")
                        let covered = multiple ? unsettled.filter { $0 <= number } : [number]
                        acknowledged.formUnion(covered)
                        unsettled.subtract(covered)
                    case .reject(let number, _):
                        #expect(unsettled.remove(number) != nil, "seed \(seed)")
                    }
                }
                #expect(acknowledged == wanted, "seed \(seed)")
                #expect(unsettled == held, "seed \(seed)")
            }
            #expect(ledger.outstandingCount == held.count, "seed \(seed)")
        }
    }
}
