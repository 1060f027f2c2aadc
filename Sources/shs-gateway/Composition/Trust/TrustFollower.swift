import ServiceLifecycle
import Trust

/// Does something whenever another snapshot comes into force, and now and then without one.
///
/// Connections to others are renewed by it: what fails is tried again after a while, the old ones go on meanwhile.
struct TrustFollower: Service {
    let holder: TrustHolder
    /// Also without a change; what time alone does to a certificate is seen then, and what failed is tried again.
    let pause: Duration
    let follow: @Sendable (TrustSnapshot) async -> Void

    func run() async throws {
        let (moments, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let changes = self.holder.changes()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { for await _ in changes { continuation.yield() } }
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: self.pause)
                        continuation.yield()
                    }
                }
                for await _ in moments { await self.follow(self.holder.current) }
            }
        }
    }
}
