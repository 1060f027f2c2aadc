import Gateway
import GatewayFixtures
import SSBTEK
import Testing

@Suite struct TimestampTests {
    private let moment = Timestamp(milliseconds: 10_500)

    @Test func `durations are added in whole milliseconds`() {
        #expect(self.moment + .milliseconds(250) == Timestamp(milliseconds: 10_750))
        #expect(self.moment + .microseconds(1_999) == Timestamp(milliseconds: 10_501))
        #expect(self.moment - .seconds(11) == Timestamp(milliseconds: -500))
        #expect(self.moment + .microseconds(-1_999) == Timestamp(milliseconds: 10_499))
        #expect(self.moment.seconds == 10)
    }

    @Test func `the distance has a sign`() {
        let later = self.moment + .seconds(3)
        #expect(later.since(self.moment) == .seconds(3))
        #expect(self.moment.since(later) == .seconds(-3))
        #expect(self.moment < later)
    }

    @Test func `what is left is never more than at publication, also when clocks differ`() {
        let item = WorkItem(
            transaction: TransactionID("a"), slot: Slot(question: 0, provider: .af), shard: 0,
            deadline: self.moment + .seconds(6), remaining: .seconds(6), question: [])
        #expect(item.timeLeft(at: self.moment) == .seconds(6))
        #expect(item.timeLeft(at: self.moment + .seconds(2)) == .seconds(4))
        #expect(item.timeLeft(at: self.moment - .seconds(60)) == .seconds(6))
        #expect(item.timeLeft(at: self.moment + .seconds(6)) == .zero)
        #expect(item.timeLeft(at: self.moment + .seconds(7)) < .zero)
    }

    @Test func `a transaction's id is 32 hexadecimal digits of randomness`() {
        var random = SeededGenerator(seed: 1)
        let ids = (0..<1_000).map { _ in TransactionID(using: &random).text }
        #expect(Set(ids).count == 1_000)
        #expect(
            ids.allSatisfy {
                $0.utf8.count == 32 && $0.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
            })
        #expect(TransactionID.random() != TransactionID.random())
    }

    @Test func `leading zeroes of a transaction's id are kept`() {
        struct Small: RandomNumberGenerator {
            func next() -> UInt64 { 10 }
        }
        var small = Small()
        #expect(TransactionID(using: &small).text == "000000000000000a000000000000000a")
    }
}
