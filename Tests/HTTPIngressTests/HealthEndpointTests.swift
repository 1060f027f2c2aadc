import HTTPIngress
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HealthEndpointTests {
    @Test func `live is yes while the process runs, ready says why not`() async throws {
        let readiness = Mutex(Readiness.notReady("broker"))
        try await withEndpoint({ readiness.withLock { $0 } }) { url in
            try await expect(url + "/live", is: "200 live\n")
            try await expect(url + "/ready", is: "503 broker\n")
            readiness.withLock { $0 = .ready }
            try await expect(url + "/ready", is: "200 ready\n")
        }
    }

    @Test func `there is nothing else`() async throws {
        try await withEndpoint({ .ready }) { url in
            try await expect(url + "/", is: "404 not-found\n")
            try await expect(url + "/live/", is: "404 not-found\n")
            try await expect(url + "/shs/rs", is: "404 not-found\n")
            try await expect(url + "/live", "--request", "POST", is: "405 method-not-allowed\n")
        }
    }

    private func withEndpoint(
        _ readiness: @escaping @Sendable () async -> Readiness, _ body: (String) async throws -> Void
    ) async throws {
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let endpoint = HealthEndpoint(logger: .silent, onListening: { listening.yield($0) }, readiness: readiness)
        let services = ServiceGroup(services: [endpoint], logger: .silent)
        async let running: Void = services.run()
        let port = try #require(await ports.first { _ in true })
        try await body("http://127.0.0.1:\(port)")
        await services.triggerGracefulShutdown()
        try await running
    }

    /// - Parameter answer: status and body.
    private func expect(
        _ url: String, _ arguments: String..., is answer: String, location: SourceLocation = #_sourceLocation
    ) async throws {
        let result = try await Tool.run(
            ["curl", "--silent", "--max-time", "10", "--write-out", "%{stderr}%{http_code} "] + arguments + [url]
        )
        #expect(result.errors + result.output == answer, sourceLocation: location)
    }
}
