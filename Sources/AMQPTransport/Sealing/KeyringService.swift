import Logging
import Observability
import ServiceLifecycle

/// Makes and destroys sealing epochs with time, in every process that has keys.
package struct KeyringService: Service {
    private let keyring: Keyring

    package init(_ keyring: Keyring) {
        self.keyring = keyring
    }

    package func run() async throws {
        if !self.keyring.isLocked {
            Logger.gateway.warning(
                "Sealing keys are in memory that may be swapped: the limit for locked memory is too small")
        }
        var said: [SealingError] = []
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let changes = self.keyring.look()
            Self.log(changes)
            // Once for each new reason, since every tick may meet it again.
            if changes.failures != said {
                for failure in changes.failures {
                    Logger.gateway.error("The keyring cannot be kept", metadata: [LogKeys.reason: "\(failure)"])
                }
                said = changes.failures
            }
            try? await cancelWhenGracefulShutdown { [tick = self.keyring.tick] in try await Task.sleep(for: tick) }
        }
    }

    private static func log(_ changes: KeyringChanges) {
        for epoch in changes.made { Logger.gateway.info("Sealing epoch made", metadata: [LogKeys.epoch: "\(epoch)"]) }
        for epoch in changes.destroyed {
            Logger.gateway.info("Sealing epoch destroyed", metadata: [LogKeys.epoch: "\(epoch)"])
        }
    }
}
