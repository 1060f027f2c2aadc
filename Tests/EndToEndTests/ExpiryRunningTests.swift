import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// Ends that come while a process runs: warnings from 60 days on, and what it does when the end is there.
    struct ExpiryRunningTests {
        private let now = Int64(Date().timeIntervalSince1970)
        private static let day: Int64 = 86_400

        private func text(_ instant: Int64) -> String {
            Date(timeIntervalSince1970: TimeInterval(instant)).formatted(.iso8601).filter { !"-:T".contains($0) }
        }

        /// A set whose server certificate ends then; everything else outlives it by far, or has no part in it.
        private func sets(_ name: String, end: Int64) async throws -> CertificateSets {
            let sets = try await CertificateSets(named: name)
            // Revocation lists live for a month only.
            let lists = ["client-root", "client-issuing", "signer-root", "signer-issuing", "provider-root"].map {
                ExpiryCase.revocationList(of: $0)
            }.joined(separator: "\n")
            try await sets.change("END=\(self.text(end + 200 * Self.day))\n" + lists)
            try await sets.change("END=\(self.text(end))\n" + ExpiryCase.own[0].steps)
            return sets
        }

        @Test func `a process warns 60, 30, 14, 7 and 1 days before the end, and the list shows the days`() async throws
        {
            let end = self.now + 100 * Self.day
            let sets = try await self.sets("expiry-warnings", end: end)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (days, threshold) in [(59, 60), (29, 30), (13, 14), (6, 7), (0, 1)] {
                    let instant = end - Int64(days) * Self.day - Self.day / 2
                    group.addTask {
                        let process = try await LoneProcess(sets: sets.folder, at: instant)
                        try await process.wait(for: "a warning") {
                            try process.events("A certificate runs out").count > 0
                        }
                        let events = try process.events("A certificate runs out")
                        #expect(events.count == 1)
                        let event = try #require(events.first)
                        #expect(event["certificate.days_left"] == "\(days)")
                        #expect(event["certificate.threshold"] == "\(threshold)")
                        #expect(event["certificate.kind"] == "server")
                        #expect(event["certificate.subject"] == "CN=localhost,O=Nod,C=SE")
                        #expect(event["level"] == (threshold > 7 ? "warning" : "error"))
                        let list = try await Program(
                            FakeClock.command(
                                [Workspace.program(), "certificates", "list", "--json"], at: instant + 5),
                            environment: process.environment
                        ).run()
                        let report = try JSONDecoder().decode(ListReport.self, from: Data(list.standardOutput))
                        #expect(list.status == 0)
                        #expect(report.certificates.first { $0.kind == "server" }?.daysLeft == days)
                        #expect(try await process.stop() == 0)
                    }
                }
                try await group.waitForAll()
            }
        }

        @Test func `while two months pass, each warning comes once and in order, and then the end`() async throws {
            let end = self.now + 100 * Self.day
            let sets = try await self.sets("expiry-months", end: end)
            // Four and a half days a second; it looks ten times a second.
            let process = try await LoneProcess(sets: sets.folder, at: end - 62 * Self.day, speed: 400_000)
            try await process.wait(within: .seconds(60), for: "the end") {
                try process.events("A certificate has run out").count > 0
            }
            let warnings = try process.events("A certificate runs out").compactMap { $0["certificate.threshold"] }
            // On a machine that stands still for a moment, the last day may be over before it is looked at.
            #expect(warnings == ["60", "30", "14", "7", "1"] || warnings == ["60", "30", "14", "7"])
            let first = try process.events("A certificate runs out").first?["certificate.days_left"].flatMap { Int($0) }
            #expect(first.map { (50..<60).contains($0) } == true, "\(first ?? -1)")
            let ends = try process.events("A certificate has run out")
            #expect(ends.map { $0["certificate.threshold"] } == ["0"])
            #expect(ends.map { $0["level"] } == ["error"])
            #expect(try await process.stop() == 0)
        }

        @Test func `when its own and a client's certificate end, the endpoint says so, stays, and refuses the client`()
            async throws
        {
            let end = self.now + 20 * Self.day
            let sets = try await self.sets("expiry-running", end: end)
            let client = sets.folder + "/client"
            try await sets.shell(
                """
                issue.sh "$CA" client-issuing client "\(client)" \
                    /C=SE/O=Kommun/CN=kommun/serialNumber=16\(PKI.Organisation.municipalityA) --end \(self.text(end))
                """)
            let process = try await LoneProcess(sets: sets.folder, at: end - 6)
            let port = try await process.port()
            // Nothing can be asked without a broker, but whoever gets an answer got through the handshake.
            #expect(try await self.get(port, client) == 405)
            let refusal = "A set of certificates was refused; the one in force stays"
            try await process.wait(within: .seconds(20), for: "the end is told") {
                try process.events(refusal).count > 0 && process.events("A certificate has run out").count > 0
            }
            let event = try #require(try process.events(refusal).first)
            #expect(event["reason"] == "node/tls-server: there is no certificate that is valid now")
            #expect(event["trust.trigger"] == "credential")
            #expect(event["level"] == "error")
            #expect(try process.events("A certificate has run out").count == 1)
            #expect(!process.hasEnded)
            let status = try await Program(
                [Workspace.program(), "status"], environment: process.environment
            ).run()
            #expect(status.status == 1)
            #expect(status.text.contains(": node/tls-server: there is no certificate that is valid now"))

            #expect(try await self.get(port, client) == 0)
            let refused = try #require(try process.events("A client was refused").first)
            #expect(refused["trust.reason"] == "expired")
            #expect(refused["trust.failed"] == "validity")
            // Another client still gets through, with the certificate that has run out: to refuse it is its own decision.
            #expect(try await self.get(port, sets.folder + "/other", issuedIn: sets) == 405)
            let old = try await self.serial(port)

            // A new one ends it, without a new start.
            try await sets.change(
                "issue.sh \"$CA\" node-root server \"$SET/node/tls-server/1\" /C=SE/O=Nod/CN=localhost")
            try await process.wait(for: "the new certificate is in force") {
                try process.events("A set of certificates is in force").count > 0
            }
            #expect(try await self.serial(port) != old)
            #expect(try await self.get(port, sets.folder + "/other") == 405)
            #expect(try await process.stop() == 0)
        }

        @Test func `when the key of the record runs out, entries are kept, and sealed as soon as there is a new one`()
            async throws
        {
            let end = self.now + 20 * Self.day
            let sets = try await self.sets("expiry-record", end: end + 100 * Self.day)
            let steps = try #require(ExpiryCase.own.first { $0.kind == "record-signer" }?.steps)
            try await sets.change("END=\(self.text(end))\n" + steps)
            let process = try await LoneProcess(
                sets: sets.folder, at: end - 8,
                settings: ["SHS_AUDIT_SEAL_EVERY": "1s", "SHS_AUDIT_COUNT_EVERY": "1s"])
            let port = try await process.port()
            let client = sets.folder + "/client"
            let sealed = "A file of the record was sealed"
            // Whatever is refused has an entry.
            #expect(try await self.get(port, client, issuedIn: sets) == 405)
            try await process.wait(for: "sealed with the old key") { try process.events(sealed).count > 0 }
            try await process.wait(for: "the end is told") {
                try process.events("A certificate has run out").contains { $0["certificate.kind"] == "record-signer" }
            }
            let before = try process.events(sealed).count
            #expect(try await self.get(port, client) == 405)
            let failure = "The record could not be looked after"
            try await process.wait(for: "sealing was tried") {
                try process.events(failure).contains { $0["operation"] == "seal" }
            }
            let event = try #require(try process.events(failure).first)
            #expect(event["reason"] == "node/record-signing: there is no certificate that is valid now")
            #expect(event["level"] == "error")
            #expect(try await self.get(port, client) == 405)
            #expect(try process.events(sealed).count == before)

            try await sets.change(
                "issue.sh \"$CA\" node-root signer \"$SET/node/record-signing/1\" /C=SE/O=Nod/CN=logg")
            try await process.wait(for: "what waited is sealed") { try process.events(sealed).count > before }
            #expect(try await process.stop() == 0)
            let verify = try await Program(
                FakeClock.command(
                    [Workspace.program(), "audit", "verify", "--config", Workspace.configuration], at: end + 60),
                environment: process.environment
            ).run()
            #expect(verify.status == 0, "\(verify.text)")
            #expect(verify.text.contains("it was sealed later"))
            #expect(!verify.text.contains("unsigned-seal"))
        }

        /// The status of a request with a client certificate; 0 when there is no response.
        private func get(_ port: Int, _ client: String, issuedIn sets: CertificateSets? = nil) async throws -> Int {
            try await sets?.shell(
                "issue.sh \"$CA\" client-issuing client \"\(client)\" "
                    + "/C=SE/O=Kommun/CN=kommun/serialNumber=16\(PKI.Organisation.municipalityA)")
            let output = try await Program([
                "curl", "--silent", "--noproxy", "*", "--insecure", "--max-time", "20", "--output", "/dev/null",
                "--write-out", "%{http_code}", "--cert", client + ".crt", "--key", client + ".key",
                "https://127.0.0.1:\(port)/shs/rs",
            ]).run()
            return Int(output.text) ?? -1
        }

        /// The serial number of the certificate that the endpoint shows.
        private func serial(_ port: Int) async throws -> String {
            try await Program([
                "bash", "-c",
                "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -serial",
            ]).run().text
        }
    }
}
