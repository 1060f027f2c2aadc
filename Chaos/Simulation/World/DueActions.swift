import Synchronization

/// Which of the world's planned actions have come due: the scheduler, which may know nothing of the world, says so here.
final class DueActions: Sendable {
    private let indices = Mutex<[Int]>([])

    func add(_ index: Int) { self.indices.withLock { $0.append(index) } }

    func take() -> [Int] {
        self.indices.withLock { indices in
            defer { indices = [] }
            return indices
        }
    }
}
