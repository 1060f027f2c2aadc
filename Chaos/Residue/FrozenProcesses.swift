import Glibc

/// Processes that stand still, so that all of their memory is seen as it was at one moment; they go on when this is released.
struct FrozenProcesses: ~Copyable {
    private let pids: [Int32]

    init(_ pids: [Int32]) {
        self.pids = pids
        for pid in pids { kill(pid, SIGSTOP) }
    }

    consuming func thaw() {}

    deinit {
        for pid in self.pids { kill(pid, SIGCONT) }
    }
}
