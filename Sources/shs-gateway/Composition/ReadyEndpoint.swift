import Gateway
import HTTPIngress
import ServiceLifecycle

/// The endpoint, which listens when its requests can be dispatched, or when that takes too long.
///
/// Whoever restarts one ingress after the other sends nobody to one that could only say 503.
struct ReadyEndpoint: Service {
    let endpoint: HTTPIngress
    let ingress: Ingress
    /// After that it listens all the same: a caller is better told 503 than nothing.
    let limit: Duration
    let clock: SystemClock
    /// No setting: so much later than possible it listens at the most, and a look costs nothing.
    private static let pause = Duration.milliseconds(20)

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.wait() }
        // In a shutdown it ends by itself, without having listened for long.
        try await self.endpoint.run()
    }

    private func wait() async {
        let end = self.clock.now() + self.limit
        while !self.ingress.isReady, self.clock.now() < end {
            guard (try? await self.clock.sleep(until: self.clock.now() + Self.pause)) != nil else { return }
        }
    }
}
