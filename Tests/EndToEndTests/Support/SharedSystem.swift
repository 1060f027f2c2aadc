/// The systems of this test process: each is started when the first test asks for it, and ended with the process.
enum SharedSystem {
    /// Every role and every provider in a process of its own, as `./run up` has it.
    private static let mainTask = Task {
        try await GatewaySystem(
            .init(name: "main", roles: [.simulate, .correlator] + Role.workers + [.ingress]))
    }

    /// The main system, in the state that a test needs.
    static func main(
        _ behaviours: [String] = ["latency=0ms"], settings: [String: String] = [:]
    ) async throws -> GatewaySystem {
        let system = try await self.mainTask.value
        try await system.run(behaviours, settings: settings)
        return system
    }

    /// The main system with a worker that has these settings too, as long as the test runs.
    static func main(
        _ behaviours: [String], settings: [String: String], with worker: Role,
        _ test: (GatewaySystem) async throws -> Void
    ) async throws {
        let system = try await self.main(behaviours, settings: settings)
        var failure: (any Error)?
        do {
            try await system.terminate(worker)
            try await system.start(worker)
            try await test(system)
        } catch {
            failure = error
        }
        try await system.terminate(worker)
        _ = try await self.main()
        if let failure { throw failure }
    }
}
