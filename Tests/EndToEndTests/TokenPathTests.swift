import Foundation
import GatewayTestSupport
import SHSClient
import Testing

extension EndToEndTests {
    /// The TLS server's key and the reply signing key stay in a token (SoftHSM), which goes away and comes back.
    struct TokenPathTests {
        private static let sharedTask = Task { try await TokenSystem() }

        /// The system with its token in place.
        private func system() async throws -> TokenSystem {
            let shared = try await Self.sharedTask.value
            try await shared.run()
            return shared
        }

        @Test func `with both keys in a token a question goes through, and openssl accepts connection and reply`()
            async throws
        {
            let shared = try await self.system()
            let files = try await shared.sets.shell("cd \"$SETS/current/node\" && ls tls-server reply-signing")
            #expect(!files.contains(".key"))
            let exchange = try await shared.ask()
            #expect(exchange.status == 200)
            let reply = try await ReplyMessage(exchange, checkedBy: shared.openssl)
            #expect(reply.sections(0) == Role.providers.map { _ in "data" })
            #expect(try await TestBroker.leftovers(in: shared.system.plan.name) == [:])
        }

        @Test(arguments: [Role.ingress, .correlator])
        func `a wrong PIN at start is said in a sentence, and the process ends`(role: Role) async throws {
            let shared = try await self.system()
            let environment = shared.system.environment(of: role).merging([
                "SHS_CERTIFICATES_DIRECTORY": shared.wrongSets
            ]) {
                $1
            }
            let output = try await Program(
                [try Workspace.program()] + role.command + ["--config", Workspace.configuration],
                environment: environment
            ).run()
            #expect(output.status == 70)
            let file = role == .ingress ? "tls-server" : "reply-signing"
            #expect(
                output.errorText.contains(
                    "node/\(file)/1.uri: the key in the token cannot be used (the token refused the PIN; "),
                "\(output.errorText)")
            #expect(!output.errorText.contains(shared.token.pin) && !output.errorText.contains("4711"))
        }

        @Test func `what was accepted waits for a token that is gone, and is answered when it is back`() async throws {
            let shared = try await self.system()
            let (away, back) = (shared.count(.correlator, .away), shared.count(.correlator, .back))
            let response = try await shared.onOpenConnection { ask in
                try shared.token.take()
                async let waiting = ask()
                try await eventually("the correlator misses its key") { shared.count(.correlator, .away) > away }
                try shared.token.bring()
                return try await waiting
            }
            #expect(response.status == 200)
            let reply = try await ReplyMessage(response.body, checkedBy: shared.openssl)
            #expect(reply.sections(0) == Role.providers.map { _ in "data" })
            try await eventually("the key is back") { shared.count(.correlator, .back) > back }
            #expect(shared.count(.correlator, .away) == away + 1)
            #expect(try await TestBroker.leftovers(in: shared.system.plan.name) == [:])
        }

        @Test
        func `without the token there is an error in time, said once, and with it answers go on without a restart`()
            async throws
        {
            let shared = try await self.system()
            let processes: [Role] = [.correlator, .ingress]
            let (away, back) = (processes.map { shared.count($0, .away) }, processes.map { shared.count($0, .back) })
            let start = ContinuousClock.now
            let response = try await shared.onOpenConnection { ask in
                try shared.token.take()
                return try await ask()
            }
            #expect(response.status == 504)
            #expect(response.errorCode == "MissingDeliveryExecution")
            #expect(String(decoding: response.body, as: UTF8.self) == "No reply could be given in time.\n")
            #expect(ContinuousClock.now - start < .seconds(15))
            // Nobody can be let in without the server's key: nothing is accepted that could be lost.
            for _ in 0..<3 { #expect(try await shared.ask().status == 0) }
            try await eventually("status and readiness show it") {
                let status = try await shared.status()
                let ready = try await shared.system.curl([], as: nil, shared.readyURL)
                return status.status == 1 && ready.status == 503
                    && status.text.components(separatedBy: "cannot be used (the token is not there").count == 3
            }
            #expect(processes.map { shared.count($0, .away) } == away.map { $0 + 1 })
            #expect(processes.map { shared.count($0, .back) } == back)

            try shared.token.bring()
            // Found without anybody asking for a signature.
            try await shared.system.waitUntilReady()
            try await eventually("both keys are back") {
                processes.map { shared.count($0, .back) } == back.map { $0 + 1 }
            }
            try await eventually("status is good again") { try await shared.status().status == 0 }
            let again = try await shared.ask()
            #expect(again.status == 200)
            #expect(try await ReplyMessage(again, checkedBy: shared.openssl).parts.count == 1)
            #expect(processes.map { shared.count($0, .away) } == away.map { $0 + 1 })
            #expect(try await TestBroker.leftovers(in: shared.system.plan.name) == [:])
        }

        @Test func `a PIN that is wrong when the token comes back burns nothing: corrected, the reply is given`()
            async throws
        {
            let shared = try await self.system()
            let (away, refused) = (shared.count(.correlator, .away), shared.count(.correlator, .refused))
            let response = try await shared.onOpenConnection { ask in
                try shared.token.take()
                async let waiting = ask()
                try await eventually("the correlator misses its key") { shared.count(.correlator, .away) > away }
                try shared.write(pin: "wrong-4711")
                try shared.token.bring()
                try await eventually("the PIN was refused") { shared.count(.correlator, .refused) > refused }
                try shared.write(pin: shared.token.pin)
                return try await waiting
            }
            #expect(response.status == 200)
            #expect(try await ReplyMessage(response.body, checkedBy: shared.openssl).parts.count == 1)
            #expect(shared.count(.correlator, .refused) == refused + 1)
            try await shared.system.waitUntilReady()
        }
    }
}
