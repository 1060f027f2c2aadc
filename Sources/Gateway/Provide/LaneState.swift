/// How the slots of one provider are shared between its lanes: a caseworker's item comes first, and automated ones never
/// hold more than their share.
///
/// Pure. An item that must wait is told so, and started by the end of another.
package struct LaneState: Sendable {
    private let slots: Int
    private let automatedSlots: Int
    private var running: [WorkLane: Int] = [:]
    private var waiting: [WorkLane: Int] = [:]

    /// - Parameters:
    ///   - slots: items at the same time.
    ///   - automatedShare: how many of them may be automated, in hundredths; at least one may.
    package init(slots: Int, automatedShare: Int) {
        self.slots = slots
        self.automatedSlots = Self.automatedSlots(of: slots, share: automatedShare)
    }

    package static func automatedSlots(of slots: Int, share: Int) -> Int { max(1, slots * share / 100) }

    package func running(_ lane: WorkLane) -> Int { self.running[lane] ?? 0 }
    package func waiting(_ lane: WorkLane) -> Int { self.waiting[lane] ?? 0 }

    /// True when the item starts; else it waits for its turn.
    package mutating func arrived(_ lane: WorkLane) -> Bool {
        guard self.waiting(lane) == 0, self.hasRoom(for: lane) else {
            self.waiting[lane, default: 0] += 1
            return false
        }
        self.running[lane, default: 0] += 1
        return true
    }

    /// An item has ended; returns the lane whose first waiting item starts now.
    package mutating func ended(_ lane: WorkLane) -> WorkLane? {
        self.running[lane] = max(0, self.running(lane) - 1)
        for next in WorkLane.allCases where self.waiting(next) > 0 && self.hasRoom(for: next) {
            self.waiting[next, default: 0] -= 1
            self.running[next, default: 0] += 1
            return next
        }
        return nil
    }

    private func hasRoom(for lane: WorkLane) -> Bool {
        guard self.running.values.reduce(0, +) < self.slots else { return false }
        switch lane {
        case .caseworker: return true
        // Also not while a person's item waits.
        case .automated: return self.waiting(.caseworker) == 0 && self.running(.automated) < self.automatedSlots
        }
    }
}
