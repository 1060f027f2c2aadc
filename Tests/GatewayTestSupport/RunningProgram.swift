package import Foundation
import Synchronization

/// A program that was started beside the test; its number is not used again before its end was seen here.
package final class RunningProgram: Sendable {
    package let pid: pid_t
    private let name: String
    private let status = Mutex<Int32?>(nil)

    init(pid: pid_t, name: String) {
        self.pid = pid
        self.name = name
    }

    /// Its exit code once it has ended; 128 and the signal's number when a signal ended it.
    package var exitCode: Int32? {
        self.status.withLock { status in
            if let status { return status }
            var raw: Int32 = 0
            guard unsafe waitpid(self.pid, &raw, WNOHANG) == self.pid else { return nil }
            status = (raw & 0x7F) == 0 ? (raw >> 8) & 0xFF : 128 + (raw & 0x7F)
            return status
        }
    }

    /// Sends a signal, if it still runs.
    package func signal(_ number: Int32) {
        guard self.exitCode == nil else { return }
        Foundation.kill(self.pid, number)
    }

    /// SIGKILL.
    package func kill() { self.signal(SIGKILL) }

    /// Waits for its end; throws when that does not come in time.
    @discardableResult
    package func end(within limit: Duration) async throws -> Int32 {
        let deadline = ContinuousClock.now + limit
        while true {
            if let code = self.exitCode { return code }
            if ContinuousClock.now > deadline {
                throw PrivateBroker.Failure(description: "\(self.name) did not end within \(limit)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
