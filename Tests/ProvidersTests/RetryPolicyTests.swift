import Testing

@testable import Providers

@Suite struct RetryPolicyTests {
    private static let policy = RetryPolicy(RetryConfiguration())

    @Test(arguments: [
        (RetryPolicy.Cause.closedConnection, 0.0, Duration.zero), (.closedConnection, 1.0, .zero),
        (.unreachable, 0.0, .milliseconds(50)), (.unreachable, 0.5, .milliseconds(100)),
        (.unavailable, 1.0, .milliseconds(150)),
    ])
    func `a second attempt comes after the pause with its jitter`(
        _ cause: RetryPolicy.Cause, _ draw: Double, _ pause: Duration
    ) {
        #expect(Self.policy.pause(after: 1, cause, remaining: .seconds(6), draw: draw) == pause)
    }

    @Test(arguments: RetryPolicy.Cause.allCases)
    func `there are no more attempts than configured`(_ cause: RetryPolicy.Cause) {
        #expect(Self.policy.pause(after: 2, cause, remaining: .seconds(6), draw: 0) == nil)
        var once = RetryConfiguration()
        once.attempts = 1
        #expect(RetryPolicy(once).pause(after: 1, cause, remaining: .seconds(6), draw: 0) == nil)
    }

    @Test func `what is final is not asked again, whatever the time`() {
        #expect(Self.policy.pause(after: 1, .final, remaining: .seconds(600), draw: 0) == nil)
    }

    @Test func `the pause must leave the least time that makes sense`() {
        let policy = Self.policy
        #expect(policy.pause(after: 1, .unreachable, remaining: .milliseconds(600), draw: 0.5) == .milliseconds(100))
        #expect(policy.pause(after: 1, .unreachable, remaining: .milliseconds(599), draw: 0.5) == nil)
        #expect(policy.pause(after: 1, .closedConnection, remaining: .milliseconds(499), draw: 0) == nil)
        #expect(policy.pause(after: 1, .unavailable, remaining: .seconds(-1), draw: 0) == nil)
    }

    @Test func `later pauses are longer, also after a closed connection`() {
        var configuration = RetryConfiguration()
        configuration.attempts = 5
        let policy = RetryPolicy(configuration)
        let pauses = (1...4).map { policy.pause(after: $0, .closedConnection, remaining: .seconds(60), draw: 0.5) }
        #expect(pauses == [.zero, .milliseconds(200), .milliseconds(400), .milliseconds(800)])
    }
}
