import NIOCore
import Testing

@testable import HTTPIngress

/// The pure half of all time limits.
struct ConnectionTimelineTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func timeline() -> ConnectionTimeline {
        ConnectionTimeline(configuration: HTTPIngressConfiguration(), at: self.start)
    }

    @Test(arguments: [
        (ConnectionTimeline.Phase.handshaking, 10, ConnectionTimeline.Expiry.close), (.idle, 60, .close),
        (.readingHeader, 10, .refuseAsTooSlow), (.readingBody(bytes: 0), 5, .refuseAsTooSlow),
        (.responding, 60, .close), (.lingering, 2, .close),
    ])
    func `each phase has its time and its end`(
        phase: ConnectionTimeline.Phase, seconds: Int, end: ConnectionTimeline.Expiry
    ) {
        var timeline = self.timeline()
        timeline.enter(phase, at: self.start)
        #expect(timeline.expiry(at: self.start + .seconds(Int64(seconds)) - .nanoseconds(1)) == nil)
        #expect(timeline.expiry(at: self.start + .seconds(Int64(seconds))) == end)
    }

    @Test(arguments: [ConnectionTimeline.Phase.handling, .closed])
    func `the handler has its own deadline, and what is closed has none`(phase: ConnectionTimeline.Phase) {
        var timeline = self.timeline()
        timeline.enter(phase, at: self.start)
        #expect(timeline.deadline == nil)
        #expect(timeline.expiry(at: self.start + .hours(1)) == nil)
    }

    @Test func `a body earns a second for each thousand bytes or so, up to its whole time`() {
        var timeline = self.timeline()
        timeline.enter(.readingBody(bytes: 0), at: self.start)
        timeline.bodyArrived(bytes: 1_024)
        #expect(timeline.deadline == self.start + .seconds(6))
        timeline.bodyArrived(bytes: 1_024)
        #expect(timeline.deadline == self.start + .seconds(7))
        timeline.bodyArrived(bytes: 4_000_000)
        #expect(timeline.deadline == self.start + .seconds(120))
    }

    @Test func `only the first byte of a header starts its time`() {
        var timeline = self.timeline()
        timeline.bytesArrived(at: self.start + .seconds(1))
        #expect(timeline.phase == .handshaking)
        timeline.enter(.idle, at: self.start)
        timeline.bytesArrived(at: self.start + .seconds(20))
        timeline.bytesArrived(at: self.start + .seconds(29))
        #expect(timeline.phase == .readingHeader)
        #expect(timeline.deadline == self.start + .seconds(30))
    }

    @Test func `what is closed stays closed`() {
        var timeline = self.timeline()
        timeline.enter(.closed, at: self.start)
        timeline.enter(.idle, at: self.start)
        timeline.bytesArrived(at: self.start)
        #expect(timeline.phase == .closed)
    }
}
