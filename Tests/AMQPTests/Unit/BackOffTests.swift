import Testing

@testable import AMQP

@Suite struct BackOffTests {
    @Test func `waits double from the minimum to the maximum, less at most half`() {
        var generator = SeededGenerator(seed: 1)
        var backOff = BackOff(minimum: .milliseconds(100), maximum: .seconds(5))
        for ceiling in [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000] {
            let wait = backOff.next(using: &generator)
            #expect(wait <= .milliseconds(ceiling))
            #expect(wait >= .milliseconds(ceiling / 2))
        }
    }

    @Test func `a success starts over`() {
        var generator = SeededGenerator(seed: 2)
        var backOff = BackOff(minimum: .milliseconds(100), maximum: .seconds(5))
        for _ in 0..<10 { _ = backOff.next(using: &generator) }
        backOff.reset()
        #expect(result(backOff.next(using: &generator)) <= .milliseconds(100))
    }

    @Test func `two processes that lost the same broker do not come back together`() {
        var (first, second) = (SeededGenerator(seed: 3), SeededGenerator(seed: 4))
        var one = BackOff(minimum: .milliseconds(100), maximum: .seconds(5))
        var other = one
        #expect(result(one.next(using: &first)) != result(other.next(using: &second)))
    }

    @Test func `a thousand failures stay at the maximum`() {
        var generator = SeededGenerator(seed: 5)
        var backOff = BackOff(minimum: .milliseconds(1), maximum: .seconds(5))
        for _ in 0..<1_000 { _ = backOff.next(using: &generator) }
        #expect((.milliseconds(2_500) ... .seconds(5)).contains(result(backOff.next(using: &generator))))
    }
}
