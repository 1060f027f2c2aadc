import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// The handbook for security staff is tried as a new user would: every block of commands, in its order.
    struct HandbookTests {
        @Test func `every block of the handbook works, and none costs a request`() async throws {
            let sets = try await CertificateSets(named: "handbook")
            let system = try await GatewaySystem(
                .init(
                    name: "handbook", roles: [.simulate, .correlator, .worker(Role.providers), .ingress],
                    isEncrypted: true, sets: sets.folder))
            try await system.run()
            let load = try SteadyLoad(system, rate: 5)
            async let running: Void = load.run()
            try await eventually("first replies") { load.answered > 5 }
            // The certificates of those who ask are kept every few seconds; the rehearsal is about them.
            try await Task.sleep(for: .seconds(6))

            let blocks = Self.blocks(of: Workspace.text(Workspace.repository + "/Certificates/HANDBOOK.md"))
            #expect(blocks.count >= 10)
            var environment = system.environment(of: nil)
            environment["SHS_CERTIFICATES_DIRECTORY"] = sets.folder
            environment["SHS_LOG_LEVEL"] = "error"
            for block in blocks {
                try await sets.shell("cd '\(Workspace.repository)'\n" + block, environment: environment)
                #expect(load.failures == [], "\(block)")
            }
            load.stop()
            await running
            #expect(load.failures == [])
            try await system.stop()
        }

        /// What stands between ```sh and ```.
        private static func blocks(of text: String) -> [String] {
            text.components(separatedBy: "```sh\n").dropFirst().map {
                String($0[..<($0.range(of: "```")?.lowerBound ?? $0.endIndex)])
            }
        }
    }
}
