import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// Everything that can be rotated, one after the other, while questions come in.
    struct RotationTests {
        @Test func `every kind of certificate is rotated without a failed request, and seen within ten seconds`()
            async throws
        {
            let sets = try await CertificateSets(named: "rotation")
            let system = try await GatewaySystem(
                .init(
                    name: "rotation", roles: [.simulate, .correlator, .worker(Role.providers), .ingress],
                    isEncrypted: true, sets: sets.folder))
            // The load of a whole country comes from one address and one party here.
            try await system.run(settings: [
                "SHS_INGRESS_LIMITS_CONNECTIONS_PER_PEER": "1000",
                "SHS_INGRESS_LIMITS_CONNECTIONS_PER_CERTIFICATE": "1000", "SHS_LIMITS_PARTY_RATE": "1000",
                "SHS_LIMITS_PARTY_BURST": "1000", "SHS_LIMITS_PARTY_CONCURRENCY": "1000",
            ])
            let load = try SteadyLoad(system)
            async let running: Void = load.run()
            try await eventually("first replies") { load.answered > 20 && load.failures.isEmpty }

            try await self.rotate("server certificate and key", load) {
                try await sets.change(
                    "issue.sh \"$CA\" node-root server \"$SET/node/tls-server/next\" /C=SE/O=Nod/CN=localhost/OU=2")
            } isSeen: {
                try await self.serverSubject(system).contains("OU = 2")
            }
            for (name, option) in [("rsa", "--rsa"), ("ec", "")] {
                try await self.rotate("signing key, to \(name)", load) {
                    try await sets.change(
                        "issue.sh \"$CA\" node-root signer \"$SET/node/reply-signing/\(name)\" "
                            + "'/C=SE/O=Nod/CN=svar \(name)' \(option)")
                } isSeen: {
                    try await self.replySigner(load.lastReply).contains("svar \(name)")
                }
            }
            try await self.rotate("certificate for the base services", load) {
                try await sets.change(
                    "issue.sh \"$CA\" provider-root client \"$SET/node/provider-client/next\" /C=SE/O=Nod/CN=klient")
            } isSeen: {
                let certificate = sets.path("node/provider-client/next.crt")
                let fingerprint = try await self.fingerprint(certificate)
                return Workspace.text(system.log(.simulate)).contains(fingerprint)
            }
            try await self.rotate("certificates for the broker", load) {
                try await sets.change(
                    """
                    for role in ingress worker correlator; do
                        issue.sh "$CA" broker-root client "$SET/node/broker-client/$role/next" "/C=SE/O=Nod/OU=2/CN=$role"
                    done
                    """)
            } isSeen: {
                let subjects = try await system.broker.control(
                    "list_connections", "--quiet", "vhost", "peer_cert_subject")
                let own = subjects.split(separator: "\n").filter { $0.hasPrefix("rotation\t") }
                return own.count >= 5 && own.allSatisfy { $0.contains("OU=2") }
            }
            try await self.rotateClientAnchors(system, sets, load)
            try await self.rotate("revocation lists", load) {
                try await sets.change(
                    """
                    openssl ca -config "$CA/authorities/client-issuing/config" -revoke "$CA/peers/kommun-b/transport.crt"
                    openssl ca -config "$CA/authorities/client-issuing/config" -gencrl -out "$SET/crls/client-issuing.pem"
                    """)
            } isSeen: {
                try await self.isRefused(system, .municipalityB)
            }

            load.stop()
            await running
            #expect(load.failures == [])
            #expect(load.answered > 100)
            #expect(try await TestBroker.leftovers(in: system.plan.name) == [:])
            try await system.stop()
        }

        /// A new client authority beside the old one; the municipality changes; then the old one goes.
        private func rotateClientAnchors(
            _ system: GatewaySystem, _ sets: CertificateSets, _ load: SteadyLoad
        ) async throws {
            let peer = Workspace.folder + "/client/rotated"
            let old = system.pki.path(PKI.Peer.municipalityA.rawValue + "/transport")
            try await sets.shell(
                """
                authority.sh "$CA" client-other '/C=SE/O=Utveckling/CN=Utveckling client other'
                issue.sh "$CA" client-other client "\(peer)" '/C=SE/O=Kommun A/CN=ny/serialNumber=16\(PKI.Organisation.municipalityA)'
                """)
            try await self.rotate("client anchors, with overlap", load) {
                try await sets.change(
                    """
                    cat "$CA/authorities/client-other/ca.crt" >>"$SET/anchors/clients.pem"
                    openssl ca -config "$CA/authorities/client-other/config" -gencrl -out "$SET/crls/client-other.pem"
                    """)
            } isSeen: {
                try await self.isAccepted(system, certificate: peer)
            }
            try load.change(certificate: peer + ".crt", key: peer + ".key")
            try await self.rotate("client anchors, without the old one", load) {
                try await sets.change(
                    """
                    cp "$CA/authorities/client-other/ca.crt" "$SET/anchors/clients.pem"
                    rm "$SET"/crls/client-issuing.pem "$SET"/crls/client-root.pem "$SET/intermediates/clients.pem"
                    """)
            } isSeen: {
                try await !self.isAccepted(system, certificate: old)
            }
            try await self.rotate("client anchors, both again", load) {
                try await sets.change(
                    """
                    cat "$CA/0001/anchors/clients.pem" >>"$SET/anchors/clients.pem"
                    cp "$CA/0001/intermediates/clients.pem" "$SET/intermediates/clients.pem"
                    cp "$CA"/0001/crls/client-*.pem "$SET/crls/"
                    """)
            } isSeen: {
                try await self.isAccepted(system, certificate: old)
            }
        }

        /// Does one change, waits until the other side sees it, and then for requests under the new set.
        private func rotate(
            _ what: String, _ load: SteadyLoad, _ change: () async throws -> Void,
            isSeen: () async throws -> Bool
        ) async throws {
            try await change()
            let start = ContinuousClock.now
            while try await !isSeen() {
                let waited = ContinuousClock.now - start
                // Looking takes its time too: on a busy machine a second or two.
                guard waited < .seconds(10) else {
                    Issue.record("\(what): not seen after \(waited)")
                    return
                }
                try await Task.sleep(for: .milliseconds(100))
            }
            print("rotation: \(what): seen after \(ContinuousClock.now - start), \(load.failures.count) failed")
            let answered = load.answered
            try await eventually("requests after the change") { load.answered > answered + 20 }
            #expect(load.failures == [], "\(what)")
        }

        // MARK: What the other side sees

        private func serverSubject(_ system: GatewaySystem) async throws -> String {
            let port = system.url.firstMatch(of: #/:(\d+)\//#)?.1 ?? ""
            return try await Program([
                "bash", "-c",
                "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -subject",
            ]).run().text
        }

        private func replySigner(_ reply: [UInt8]) async throws -> String {
            let file = try Workspace.file("reply.mime", with: reply)
            return try await Program([
                "bash", "-c",
                "openssl smime -pk7out -in '\(file)' | openssl pkcs7 -print_certs -noout | sed -n 1p",
            ]).run().text
        }

        private func fingerprint(_ certificate: String) async throws -> String {
            let text = try await Program(["openssl", "x509", "-in", certificate, "-noout", "-sha256", "-fingerprint"])
                .run().text
            return text.split(separator: "=").last.map {
                $0.trimmingCharacters(in: .whitespacesAndNewlines).replacing(":", with: "").lowercased()
            } ?? "none"
        }

        private func isRefused(_ system: GatewaySystem, _ peer: PKI.Peer) async throws -> Bool {
            try await !self.isAccepted(system, certificate: system.pki.path(peer.rawValue + "/transport"))
        }

        /// A client that gets through is told 415, since what it posts is no message; another one is told nothing, or 403.
        private func isAccepted(_ system: GatewaySystem, certificate: String) async throws -> Bool {
            let output = try await Program([
                "curl", "--silent", "--noproxy", "*", "--ipv4", "--max-time", "10", "--cacert",
                system.pki.path("peers/server-anchors.pem"), "--cert", certificate + ".crt", "--key",
                certificate + ".key", "--data", "x", "--output", "/dev/null", "--write-out", "%{http_code}", system.url,
            ]).run()
            return output.text == "415"
        }
    }
}
