import Gateway
import Testing

@Suite struct DeadlineConfigurationTests {
    @Test func `the operating agreement's times are the defaults`() {
        let deadlines = DeadlineConfiguration()
        #expect(deadlines.target(persons: 1) == .seconds(7))
        #expect(deadlines.target(persons: 10) == .milliseconds(20_500))
        #expect(deadlines.replyBudget(persons: 1) == .milliseconds(6_600))
        #expect(deadlines.workBudget(persons: 1) == .milliseconds(6_400))
        #expect(deadlines.waitBudget(persons: 1) == .seconds(10))
    }

    @Test(arguments: 1...10)
    func `each stage ends before the next`(_ persons: Int) {
        let deadlines = DeadlineConfiguration()
        #expect(deadlines.workBudget(persons: persons) < deadlines.replyBudget(persons: persons))
        #expect(deadlines.replyBudget(persons: persons) < deadlines.target(persons: persons))
        #expect(deadlines.target(persons: persons) < deadlines.waitBudget(persons: persons))
    }

    @Test func `the correlator waits for a reply's reader as long as the ingress does`() {
        let deadlines = DeadlineConfiguration()
        let wait = deadlines.waitBudget(persons: 1) - deadlines.replyBudget(persons: 1)
        #expect(CorrelateConfiguration().abandonAfter >= wait)
    }
}
