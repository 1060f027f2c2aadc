import Foundation
import SSBTEK
import Synchronization

/// The file that says which ports a role has bound: written once, complete, when the role is ready.
///
/// Lines of `NAME=PORT`; a script that sees the file can use the role.
final class PortsFile: Sendable {
    private struct State {
        var waiting: Set<String>
        var lines: [String: Int] = [:]
    }

    private let path: String?
    private let state: Mutex<State>

    /// - Parameter names: what has to be known before the file is written.
    init(_ path: String?, waitingFor names: Set<String>) {
        self.path = path
        self.state = Mutex(State(waiting: names))
    }

    func bound(_ name: String, to port: Int) {
        let complete: [String: Int]? = self.state.withLock { state in
            state.lines[name] = port
            state.waiting.remove(name)
            return state.waiting.isEmpty ? state.lines : nil
        }
        if let complete { self.write(complete) }
    }

    /// For a role without a port: it is ready now.
    func ready() { self.write([:]) }

    private func write(_ lines: [String: Int]) {
        guard let path else { return }
        let text = lines.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
        // Atomic: a reader sees nothing or all of it.
        try? Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
