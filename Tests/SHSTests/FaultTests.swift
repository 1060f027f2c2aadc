import SHS
import Testing

struct FaultTests {
    @Test func `every fault is an HTTP error with a fixed sentence`() {
        for fault in Fault.allCases {
            #expect((400..<600).contains(fault.httpStatus))
            #expect(fault.sentence.hasSuffix("."))
            #expect(fault.sentence.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        }
        #expect(Set(Fault.allCases.map(\.sentence)).count == Fault.allCases.count)
    }

    @Test func `only what may succeed later is to be retried`() {
        let retriable = Fault.allCases.filter(\.isRetriable)
        #expect(
            Set(retriable) == [
                .messageTooSlow, .tooManyRequests, .brokerUnavailable, .shuttingDown, .recordUnavailable,
                .noReplyInTime, .revocationUnknown, .transportRevocationUnknown,
            ])
    }
}
