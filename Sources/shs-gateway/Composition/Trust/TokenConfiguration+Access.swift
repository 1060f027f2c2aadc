import Logging
import Observability
import Trust

extension TokenConfiguration {
    /// Makes this the process's way to tokens; before the first set is loaded.
    func install() {
        let pin = Array(self.pin.revealed.utf8)
        TokenAccess.ofProcess = TokenAccess(
            modulePath: self.module, pin: { pin.isEmpty ? nil : pin }, sessions: self.sessions, timeout: self.timeout,
            report: { event in
                let metadata: Logger.Metadata = [LogKeys.reason: "\(event)"]
                switch event.kind {
                case .lost: Logger.gateway.error("A key in a token cannot be used", metadata: metadata)
                case .back: Logger.gateway.notice("A key in a token can be used again", metadata: metadata)
                }
            })
    }
}
