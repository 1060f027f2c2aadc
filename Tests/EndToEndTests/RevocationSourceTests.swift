import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// Revocation as it comes from outside: by distribution points and by OCSP responders, which nobody asks inside a
    /// request.
    struct RevocationSourceTests {
        /// What has to hold (issue 3): from the publication to the refusal.
        private static let limit: Duration = .seconds(60)

        @Test func `what is revoked at a distribution point or a responder is refused by every role within a minute`()
            async throws
        {
            let sources = try await RevocationSources()
            let system = try await GatewaySystem(
                .init(
                    name: "revocation", roles: [.simulate, .correlator, .worker(Role.providers), .ingress],
                    sets: sources.sets.folder, authorities: sources.folder))
            do {
                try await system.run(settings: [
                    "SHS_REVOCATION_POLL_EVERY": "1s", "SHS_REVOCATION_POLL_ANSWERS_EVERY": "1s",
                ])
                try await self.firstContact(system, sources)
                try await self.stages(system)
                try await self.revocations(system, sources)
                try await system.terminate(.ingress)
                // The same with the configured intervals: 30 s.
                try await system.run()
                try await self.defaults(system, sources)
                try await system.stop()
            } catch {
                sources.stop()
                throw error
            }
            sources.stop()
        }

        /// Nobody has seen these certificates: the first request is refused with a reason, those after it are not.
        private func firstContact(_ system: GatewaySystem, _ sources: RevocationSources) async throws {
            for peer in [sources.answered, sources.listed] {
                let first = try await self.post(system, sources.known, as: peer)
                #expect(first.status == 503, "\(peer)")
                #expect(first.bodyText.contains("client certificate is not known at this moment; try again"))
                #expect(first.headers["retry-after"] != nil && first.headers["x-shs-errorcode"] == "IllegalSender")
                try await self.measure("\(peer): first contact", within: .seconds(20)) {
                    try await self.post(system, sources.known, as: peer).status == 415
                }
            }
            for signer in [sources.answered, sources.listed] {
                let message = try await sources.signed(by: signer)
                let first = try await self.post(system, message, as: sources.answered)
                #expect(first.status == 503 && first.bodyText.contains("signing certificate is not known"))
                try await self.measure("\(signer): first signature", within: .seconds(20)) {
                    try await self.post(system, message, as: sources.answered).status == 200
                }
            }
            let openssl = OpenSSL(pki: system.pki)
            let message = try await sources.signed(by: sources.answered)
            try await self.measure("base services: first contact", within: .seconds(30)) {
                let exchange = try await self.post(system, message, as: sources.answered)
                return try await ReplyMessage(exchange, checkedBy: openssl).sections(0)
                    == Role.providers.map { _ in "data" }
            }
        }

        /// `status` shows each list and how many answers there are, with their stages.
        private func stages(_ system: GatewaySystem) async throws {
            let command = [try Workspace.program(), "status", "--config", Workspace.configuration]
            let text = try await Program(command, environment: system.environment(of: nil)).run().text
            #expect(text.contains(#/ingress +\d+ +fresh +\S+ +fetched +CN=crl client/#), "\(text)")
            #expect(text.contains(#/worker +\d+ +fresh +\S+ +fetched +CN=crl provider/#), "\(text)")
            #expect(text.contains(#/ingress \d+: OCSP answers: 2 fresh/#), "\(text)")
            let json = try await Program(command + ["--json"], environment: system.environment(of: nil)).run().text
            #expect(json.contains("\"stage\" : \"fresh\""), "\(json)")
            let told = Workspace.text(system.log(.ingress)).split(separator: "\n").filter {
                $0.contains("The stage of a revocation list changed") && $0.contains("CN=crl client")
            }
            #expect(told.count == 1, "\(told)")
        }

        private func revocations(_ system: GatewaySystem, _ sources: RevocationSources) async throws {
            let message = try await sources.signed(by: sources.answered)
            let other = try await sources.signed(by: sources.listed)
            try await sources.revoke("crl-signer", sources.listed + "/signer")
            try await self.measure("signer, by list") {
                try await self.isRevoked(self.post(system, other, as: sources.answered))
            }
            try await sources.revoke("crl-client", sources.listed + "/transport")
            try await self.measure("client, by list") {
                try await self.isRefused(system, sources.known, as: sources.listed)
            }
            #expect(try await self.post(system, message, as: sources.answered).status == 200)
            try await sources.revoke("crl-provider", sources.folder + "/simulators/server")
            let openssl = OpenSSL(pki: system.pki)
            try await self.measure("base services, by list") {
                let exchange = try await self.post(system, message, as: sources.answered)
                return try await !ReplyMessage(exchange, checkedBy: openssl).sections(0).contains("data")
            }
            try await sources.revoke("ocsp-signer", sources.answered + "/signer")
            try await self.measure("signer, by responder") {
                try await self.isRevoked(self.post(system, message, as: sources.answered))
            }
            try await sources.revoke("ocsp-client", sources.answered + "/transport")
            try await self.measure("client, by responder") {
                try await self.isRefused(system, sources.known, as: sources.answered)
            }
        }

        private func defaults(_ system: GatewaySystem, _ sources: RevocationSources) async throws {
            for peer in [sources.later.answered, sources.later.listed] {
                try await self.measure("\(peer): first contact", within: .seconds(20)) {
                    try await self.post(system, sources.known, as: peer).status == 415
                }
            }
            // Right after a look, so that the whole interval passes.
            try await sources.revoke("crl-client", sources.later.listed + "/transport")
            try await sources.revoke("ocsp-client", sources.later.answered + "/transport")
            async let listed: Void = self.measure("client, by list, default interval") {
                try await self.isRefused(system, sources.known, as: sources.later.listed)
            }
            async let answered: Void = self.measure("client, by responder, default interval") {
                try await self.isRefused(system, sources.known, as: sources.later.answered)
            }
            try await listed
            try await answered
        }

        // MARK: Means

        /// Waits and prints how long it took.
        private func measure(
            _ what: String, within limit: Duration = RevocationSourceTests.limit, _ isSo: () async throws -> Bool
        ) async throws {
            let start = ContinuousClock.now
            try await eventually(what, within: limit, isSo)
            print("revocation: \(what.split(separator: "/").suffix(1).joined()): after \(ContinuousClock.now - start)")
        }

        private func post(_ system: GatewaySystem, _ message: [UInt8], as peer: String) async throws -> HTTPExchange {
            let input = try Workspace.file("request.mime", with: message)
            let type = message.count > 1 ? "message/rfc822" : "text/plain"
            return try await system.curl(
                [
                    "--data-binary", "@" + input, "--header", "Content-Type: " + type, "--cert",
                    peer + "/transport.crt", "--key", peer + "/transport.key",
                ], as: nil, system.url)
        }

        /// A revoked client does not get through the handshake.
        private func isRefused(_ system: GatewaySystem, _ message: [UInt8], as peer: String) async throws -> Bool {
            let output = try await Program([
                "curl", "--silent", "--noproxy", "*", "--ipv4", "--max-time", "10", "--cacert",
                system.pki.path("peers/server-anchors.pem"), "--cert", peer + "/transport.crt", "--key",
                peer + "/transport.key", "--data", "x", "--output", "/dev/null", "--write-out", "%{http_code}",
                system.url,
            ]).run()
            return ["000", "403"].contains(output.text)
        }

        private func isRevoked(_ exchange: HTTPExchange) -> Bool {
            exchange.status == 403 && exchange.bodyText.contains("A certificate of the signer's chain is revoked.")
        }
    }
}
