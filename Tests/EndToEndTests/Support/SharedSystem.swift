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
}
