// The thread sanitizer's own test: `locked` has no race and must end with 0, `racing` has one and must not.
import Foundation
import Synchronization

final class Count: @unchecked Sendable {
    private let guarded = Mutex(0)
    private var bare = 0

    func increment(locked: Bool) {
        if locked {
            self.guarded.withLock { $0 += 1 }
        } else {
            self.bare += 1
        }
    }
}

let count = Count()
let isLocked = CommandLine.arguments.last == "locked"
DispatchQueue.concurrentPerform(iterations: 8) { _ in
    for _ in 0..<10_000 { count.increment(locked: isLocked) }
}
