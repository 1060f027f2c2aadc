import Synchronization

/// What happened in a simulation, as one number that is the same when the same happened, and as text when asked for.
final class Trace: Sendable {
    private struct State {
        /// FNV-1a over everything noted.
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        var lines: [String] = []
    }

    private let state = Mutex(State())
    private let keepsText: Bool

    init(keepsText: Bool) {
        self.keepsText = keepsText
    }

    var digest: UInt64 { self.state.withLock { $0.digest } }
    var lines: [String] { self.state.withLock { $0.lines } }

    func note(_ first: UInt64, _ second: UInt64) {
        self.state.withLock { state in
            state.digest = (state.digest ^ first) &* 0x0000_0100_0000_01b3
            state.digest = (state.digest ^ second) &* 0x0000_0100_0000_01b3
        }
    }

    func note(_ text: @autoclosure () -> String) {
        guard self.keepsText else { return }
        let line = text()
        self.state.withLock { $0.lines.append(line) }
    }
}
