import Dispatch
import Gateway
import Logging
import Observability
import ServiceLifecycle

/// Looks after the record of a process: synchronises, seals, and cleans up after others that were killed.
package struct RecordService: Service {
    private let keeper: RecordKeeper
    private let set: @Sendable () -> Int
    private let queue = DispatchQueue(label: "record")

    /// - Parameter set: The number of the set of certificates in force.
    package init(_ keeper: RecordKeeper, set: @escaping @Sendable () -> Int) {
        self.keeper = keeper
        self.set = set
    }

    package func run() async throws {
        try? self.keeper.keep(.started(set: self.set()))
        await cancelWhenGracefulShutdown {
            var retry = await self.sweepAgain()
            while !Task.isCancelled {
                let next = self.keeper.clock.now() + self.keeper.configuration.syncEvery
                guard (try? await self.keeper.clock.sleep(until: next)) != nil else { return }
                await self.look(&retry)
            }
        }
        self.keeper.sayCounts(isLast: true)
        try? self.keeper.keep(.stopped)
        await self.quietly("seal") {
            if let seal = try self.keeper.close() { Self.tell(seal) }
        }
    }

    /// - Parameter retry: When to try again to seal what could not be sealed.
    private func look(_ retry: inout Timestamp?) async {
        self.keeper.sayCounts()
        await self.quietly("synchronise") { try self.keeper.synchronise() }
        let isDue = self.keeper.isDue
        if isDue { await self.quietly("seal") { Self.tell(try self.keeper.roll()) } }
        guard isDue || retry.map({ self.keeper.clock.now() >= $0 }) == true else { return }
        retry = await self.sweepAgain()
    }

    /// When to try again; nil when nothing is left to do.
    private func sweepAgain() async -> Timestamp? {
        let isDone = await self.quietly("sweep") { try self.sweep() }
        return isDone ? nil : self.keeper.clock.now() + self.keeper.configuration.sealEvery
    }

    private func sweep() throws {
        let sweep = try self.keeper.sweep()
        for seal in sweep.sealed { Self.tell(seal) }
        for file in sweep.removed {
            Logger.gateway.notice(
                "A file of the record was removed since its time was over", metadata: [LogKeys.recordFile: "\(file)"])
        }
    }

    /// In the log as well, which is often kept elsewhere: a copy of the seal that nobody changes together with the record.
    private static func tell(_ seal: RecordSeal) {
        Logger.gateway.notice(
            "A file of the record was sealed",
            metadata: [
                LogKeys.recordFile: .string(seal.file), LogKeys.recordEntries: .stringConvertible(seal.entries),
                LogKeys.recordHead: .string(seal.head), LogKeys.recordTorn: .stringConvertible(seal.torn),
                LogKeys.recordMissing: .stringConvertible(seal.missing),
            ])
    }

    /// On a thread of its own: disks and tokens take their time; whether it worked.
    @discardableResult
    private func quietly(_ operation: String, _ body: @escaping @Sendable () throws -> Void) async -> Bool {
        await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            self.queue.async {
                do {
                    try body()
                    continuation.resume(returning: true)
                } catch {
                    Logger.gateway.error(
                        "The record could not be looked after",
                        metadata: [LogKeys.operation: .string(operation), LogKeys.reason: "\(error)"])
                    continuation.resume(returning: false)
                }
            }
        }
    }
}
