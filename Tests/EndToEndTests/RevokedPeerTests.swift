import Foundation
import GatewayTestSupport
import SHSClient
import Testing

extension EndToEndTests {
    /// A revocation reaches those who are connected already, and those who come back with an old TLS session.
    struct RevokedPeerTests {
        @Test func `a revoked certificate is refused on an open connection, in a resumed session and under a message`()
            async throws
        {
            let sets = try await CertificateSets(named: "revoked")
            let system = try await GatewaySystem(
                .init(name: "revoked", roles: [.simulate, .serve], sets: sets.folder))
            try await system.run()
            let openssl = OpenSSL(pki: system.pki)
            let peer = try await self.peer(sets)
            let kept = try SHSClient(
                url: system.url,
                credentials: .init(
                    anchors: system.pki.path("peers/server-anchors.pem"), certificate: peer + "/transport.crt",
                    key: peer + "/transport.key"),
                maximumConnections: 1)
            do {
                try await self.check(system, sets, openssl, peer, kept)
            } catch {
                await kept.shutdown()
                throw error
            }
            await kept.shutdown()
            try await system.stop()
        }

        private func check(
            _ system: GatewaySystem, _ sets: CertificateSets, _ openssl: OpenSSL, _ peer: String, _ kept: SHSClient
        ) async throws {
            let message = try await self.message(openssl, sets, peer)
            #expect(try await kept.post(message, timeout: .seconds(20)).status == 200)
            let session = Workspace.file("session")
            #expect(try await self.request(system, peer, ["-sess_out", session]).contains("HTTP/1.1 4"))
            let resumed = try await self.request(system, peer, ["-sess_in", session])
            #expect(resumed.contains("Reused,") && resumed.contains("HTTP/1.1 4"))

            try await self.revoke(sets, "client-issuing", peer + "/transport.crt")
            // The open connection: a clear refusal, then its end.
            try await eventually("the open connection is refused", within: .seconds(20)) {
                let response = try? await kept.post(message, timeout: .seconds(20))
                return response?.status == 403 && response?.errorCode == "IllegalSender"
            }
            // The old session: a full handshake, in which the certificate is refused.
            let late = try await self.request(system, peer, ["-sess_in", session])
            #expect(!late.contains("Reused,") && !late.contains("HTTP/1.1"), "\(late)")
            let other = PKI.Peer.municipalityA
            let second = try await openssl.sign(RequestMessage(about: .new()).bytes)
            #expect(try await system.post(second).status == 200)
            try await self.revoke(sets, "signer-issuing", peer + "/signer.crt")
            try await eventually("the signer is refused", within: .seconds(20)) {
                let answer = try await system.post(message, as: other)
                return answer.status == 403
                    && answer.bodyText.contains("A certificate of the signer's chain is revoked.")
            }
            #expect(try await system.post(second).status == 200)
        }

        /// Certificates of municipality A of its own, which can be revoked without harm to other tests.
        private func peer(_ sets: CertificateSets) async throws -> String {
            let folder = Workspace.folder + "/client/revoked"
            try await sets.shell(
                """
                for kind in client:transport signer:signer; do
                    issue.sh "$CA" "${kind%:*}-issuing" "${kind%:*}" "\(folder)/${kind#*:}" \
                        '/C=SE/O=Kommun A/CN=kommun/serialNumber=16\(PKI.Organisation.municipalityA)'
                done
                """)
            return folder
        }

        private func message(_ openssl: OpenSSL, _ sets: CertificateSets, _ peer: String) async throws -> [UInt8] {
            let content = try Workspace.file("content.mime", with: RequestMessage(about: .new()).bytes)
            let signed = Workspace.file("signed.mime")
            try await sets.shell(
                """
                openssl cms -sign -binary -md sha256 -in "\(content)" -out "\(signed)" -signer "\(peer)/signer.crt" \
                    -inkey "\(peer)/signer.key"
                """)
            return Workspace.bytes(signed)
        }

        private func revoke(_ sets: CertificateSets, _ authority: String, _ certificate: String) async throws {
            try await sets.change(
                """
                openssl ca -config "$CA/authorities/\(authority)/config" -revoke "\(certificate)"
                openssl ca -config "$CA/authorities/\(authority)/config" -gencrl -out "$SET/crls/\(authority).pem"
                """)
        }

        /// One request by `openssl s_client` under TLS 1.2, whose sessions it can store: what it printed.
        private func request(_ system: GatewaySystem, _ peer: String, _ options: [String]) async throws -> String {
            let port = system.url.firstMatch(of: #/:(\d+)\//#)?.1 ?? ""
            let command =
                "(printf 'POST /shs/rs HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: 1\\r\\n\\r\\nx'; sleep 2) | "
                + "openssl s_client -connect 127.0.0.1:\(port) -tls1_2 -cert '\(peer)/transport.crt' "
                + "-cert_chain '\(peer)/transport.crt' -key '\(peer)/transport.key' \(options.joined(separator: " ")) 2>&1; true"
            return try await Program(["bash", "-c", command]).run().text
        }
    }
}
