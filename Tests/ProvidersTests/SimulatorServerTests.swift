import Foundation
import Providers
import SSBTEK
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct SimulatorServerTests {
    @Test func `one process serves all seven, each on its own port`() async throws {
        let services = Provider.allCases.map { SimulatorConfiguration.Service($0) }
        let server = SimulatorServer(SimulatorConfiguration(services: services, credentials: TestPKI.shared.server))
        let ports = try await server.start()
        #expect(Set(ports.keys) == Set(Provider.allCases))
        #expect(Set(ports.values).count == 7)
        #expect(ports.values.allSatisfy { $0 > 0 })
        await server.stop()
    }

    @Test func `a port that is taken is an error, and nothing stays open`() async throws {
        let first = SimulatorServer(
            SimulatorConfiguration(services: [.init(.af)], credentials: TestPKI.shared.server))
        let port = try #require(try await first.start()[.af])
        let second = SimulatorServer(
            SimulatorConfiguration(services: [.init(.csn), .init(.so, port: port)], credentials: TestPKI.shared.server))
        await #expect(throws: (any Error).self) { try await second.start() }
        await first.stop()
    }

    @Test func `it runs until it is cancelled`() async throws {
        let (ready, continuation) = AsyncStream.makeStream(of: [Provider: Int].self)
        let server = SimulatorServer(
            SimulatorConfiguration(services: [.init(.miv)], credentials: TestPKI.shared.server),
            whenReady: { continuation.yield($0) })
        let task = Task { try await server.run() }
        let ports = try #require(await ready.first { _ in true })
        #expect(ports[.miv] != nil)
        task.cancel()
        try await task.value
    }

    @Test func `a private key does not show when credentials are printed`() {
        let credentials = TestPKI.shared.server
        var shown = "\(credentials)" + String(reflecting: credentials)
        dump(credentials, to: &shown)
        #expect(!shown.contains("PRIVATE") && !shown.contains("45, 45, 45"))
    }
}
