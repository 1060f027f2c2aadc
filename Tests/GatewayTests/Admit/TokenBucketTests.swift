import GatewayFixtures
import Testing

@testable import Gateway

@Suite struct TokenBucketTests {
    private let limit = PartyLimit(rate: 4, burst: 3, concurrency: 10)
    private let start = ManifestFixture.start

    @Test func `a new bucket has its burst and then nothing`() {
        var bucket = TokenBucket(self.limit, at: self.start)
        for _ in 0..<3 {
            #expect(bucket.wait(self.limit) == .zero)
            bucket.take(1)
        }
        #expect(bucket.wait(self.limit) == .milliseconds(250))
    }

    @Test func `the wait is exact: a millisecond earlier there is nothing`() {
        var bucket = TokenBucket(self.limit, at: self.start)
        bucket.take(3)
        bucket.refill(self.limit, at: self.start + .milliseconds(249))
        #expect(bucket.wait(self.limit) == .milliseconds(1))
        bucket.refill(self.limit, at: self.start + .milliseconds(250))
        #expect(bucket.wait(self.limit) == .zero)
    }

    @Test func `a rate that a second cannot be divided by is rounded against the asker`() {
        let limit = PartyLimit(rate: 3, burst: 1, concurrency: 1)
        var bucket = TokenBucket(limit, at: self.start)
        bucket.take(1)
        #expect(bucket.wait(limit) == .milliseconds(334))
    }

    @Test func `ten questions may be asked with one token, and are owed`() {
        var bucket = TokenBucket(self.limit, at: self.start)
        bucket.take(2)
        bucket.take(10)
        #expect(bucket.level == -9_000)
        #expect(bucket.wait(self.limit) == .milliseconds(2_500))
    }

    @Test func `it never holds more than its burst, however long nothing is asked`() {
        var bucket = TokenBucket(self.limit, at: self.start)
        for time in [Duration.seconds(1), .seconds(86_400 * 400), .seconds(86_400 * 366 * 1_000)] {
            bucket.refill(self.limit, at: self.start + time)
            #expect(bucket.level == 3_000)
        }
        bucket.giveBack(5, self.limit)
        #expect(bucket.level == 3_000)
    }

    @Test func `a clock that goes back neither gives nor takes`() {
        var bucket = TokenBucket(self.limit, at: self.start)
        bucket.take(3)
        bucket.refill(self.limit, at: self.start - .seconds(3_600))
        #expect(bucket.level == 0)
        bucket.refill(self.limit, at: self.start - .seconds(3_599))
        #expect(bucket.level == 3_000)
    }

    @Test func `a limit that is lowered holds at once`() {
        var bucket = TokenBucket(self.limit, at: self.start)
        bucket.refill(PartyLimit(rate: 1, burst: 1, concurrency: 1), at: self.start)
        #expect(bucket.level == 1_000)
    }
}
