import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// The tools of the command line: exit codes 0 yes, 1 no, 64 wrong usage, 70 our own failure; and their JSON.
    struct CommandTests {
        @Test(arguments: [
            [], ["serve"], ["ingress"], ["worker"], ["correlator"], ["simulate"], ["send"], ["verify"],
            ["verify-certificate"], ["inspect"], ["check-identity"], ["config"], ["config", "check"],
        ])
        func `every command explains itself`(command: [String]) async throws {
            let output = try await Program([try Workspace.program()] + command + ["--help"]).run()
            #expect(output.status == 0)
            #expect(output.text.contains("USAGE: " + (["shs-gateway"] + command).joined(separator: " ")))
        }

        @Test(arguments: [
            ["nothing"], ["worker"], ["worker", "--provider", "XYZ"], ["send"], ["verify-certificate", "x"],
        ])
        func `wrong usage is 64`(command: [String]) async throws {
            #expect(try await Program([try Workspace.program()] + command).run().status == 64)
        }

        @Test func `send asks and shows what came back`() async throws {
            let system = try await SharedSystem.main(["latency=0ms", "SKV:away"])
            let questions = try (0..<3).map { index in
                try Workspace.file("question-\(index).xml", with: Array(Question(.new()).text.utf8))
            }
            let (reply, request) = (Workspace.file("reply.mime"), Workspace.file("request.mime"))
            let output = try await self.tool(
                system, ["send", "--json", "--output", reply, "--request", request] + questions)
            #expect(output.status == 0, "\(output.errorText)")
            let report = try JSONDecoder().decode(SendReport.self, from: Data(output.standardOutput))
            #expect(report.persons.count == 3)
            #expect(report.persons.allSatisfy { $0.sections["SKV"] == "E SSBT-2" && $0.sections.count == 7 })
            #expect(
                try await ReplyMessage(Workspace.bytes(reply), checkedBy: OpenSSL(pki: system.pki)).parts.count == 3)

            let table = try await self.tool(system, ["send"] + questions)
            #expect(table.status == 0)
            #expect(table.text.contains("SSBT SSBT-2: Bastjänsten kunde inte nås."))

            // The request that send has written is one that others can read.
            let verified = try await self.tool(system, ["verify", request, "--party", PKI.Organisation.municipalityA])
            #expect(verified.status == 0)
        }

        @Test func `send says why it was refused`() async throws {
            let system = try await SharedSystem.main()
            let question = try Workspace.file("question.xml", with: Array(Question(.new()).text.utf8))
            let refused = try await self.tool(
                system, ["send", question], settings: ["SHS_SEND_PARTY": PKI.Organisation.municipalityB])
            #expect(refused.status == 1)
            #expect(refused.errorText.contains("403 IllegalSender"))
            let unreachable = try await self.tool(
                system, ["send", question], settings: ["SHS_SEND_URL": "https://localhost:1/"])
            #expect(unreachable.status == 70)
            let bad = try Workspace.file("question.xml", with: Array(Question(.invalid()).text.utf8))
            let invalid = try await self.tool(system, ["send", bad])
            #expect(invalid.status == 1)
            #expect(invalid.errorText.contains("invalid-identity-number"))
        }

        @Test func `verify decides as the ingress does`() async throws {
            let system = try await SharedSystem.main()
            let openssl = OpenSSL(pki: system.pki)
            let content = RequestMessage(about: .new()).bytes
            func verdict(_ message: [UInt8], _ options: [String] = []) async throws -> (status: Int32, Verdict) {
                let file = try Workspace.file("message.mime", with: message)
                let output = try await self.tool(system, ["verify", file] + options)
                return (output.status, try JSONDecoder().decode(Verdict.self, from: Data(output.standardOutput)))
            }
            let signed = try await openssl.sign(content)
            let good = try await verdict(signed, ["--party", PKI.Organisation.municipalityA])
            #expect(good.status == 0)
            #expect(good.1.accepted && good.1.reason == nil)
            #expect(good.1.signer?.subjectSerialNumber == "16" + PKI.Organisation.municipalityA)
            let other = try await verdict(signed, ["--party", PKI.Organisation.municipalityB])
            #expect(other.status == 1)
            #expect(other.1.reason == "signer-of-another-party")
            let revoked = try await verdict(try await openssl.sign(content, as: .revoked))
            #expect(revoked.status == 1)
            #expect(revoked.1.reason == "revoked")
            let unsigned = try await verdict(content)
            #expect(unsigned.status == 1)
            #expect(unsigned.1.reason == "signature-missing")
            // With anchors of one's own, the configured ones do not matter.
            let strange = try await verdict(signed, ["--trust", system.pki.setPath("anchors/providers.pem")])
            #expect(strange.status == 1)
            #expect(strange.1.reason == "untrusted")
        }

        @Test(arguments: [
            (PKI.Peer.municipalityA, nil as String?), (.expired, "expired"), (.notYetValid, "not-yet-valid"),
            (.revoked, "revoked"), (.untrusted, "untrusted"), (.weakKey, "weak-algorithm"),
            (.weakDigest, "weak-algorithm"), (.wrongExtendedUsage, "wrong-usage"),
        ])
        func `verify-certificate decides about one certificate`(peer: PKI.Peer, reason: String?) async throws {
            let pki = try await PKI.shared()
            for (purpose, file) in [("signer", "signer"), ("client", "transport")] {
                let output = try await Program([
                    try Workspace.program(), "verify-certificate", "--purpose", purpose, "--trust",
                    pki.setPath("anchors/\(purpose)s.pem"), "--intermediates",
                    pki.setPath("intermediates/\(purpose)s.pem"),
                    "--crl", pki.setPath("crls"), pki.path("\(peer.rawValue)/\(file).crt"),
                ]).run()
                let verdict = try JSONDecoder().decode(Verdict.self, from: Data(output.standardOutput))
                #expect(output.status == (reason == nil ? 0 : 1))
                #expect(verdict.accepted == (reason == nil))
                #expect(verdict.reason == reason)
            }
        }

        @Test func `inspect shows the structure and not the content`() async throws {
            let system = try await SharedSystem.main()
            let person = Person.new()
            let signed = try await OpenSSL(pki: system.pki).sign(RequestMessage(about: person).bytes)
            let output = try await self.tool(
                system, ["inspect", try Workspace.file("message.mime", with: signed)])
            #expect(output.status == 0)
            #expect(output.text.contains("\"type\" : \"multipart/signed\""))
            #expect(output.text.contains("\"from\" : \"\(PKI.Organisation.municipalityA)\""))
            #expect(!output.text.contains(person.number))
            let broken = try await self.tool(
                system, ["inspect", try Workspace.file("message.mime", with: Array("no message".utf8))])
            #expect(broken.status == 1)
            #expect(broken.text.contains("\"refused\" : \"broken-mime\""))
            #expect(try await self.tool(system, ["inspect", "/nowhere"]).status == 70)
        }

        @Test func `check-identity gives a verdict for each line`() async throws {
            let program = try Workspace.program()
            let lines = try Workspace.file("numbers", with: Array("198503119821\n2021005521\n".utf8))
            let good = try await Program([program, "check-identity"], input: lines).run()
            #expect(good.status == 0)
            #expect(good.text == "personnummer VALID\norganisationsnummer VALID\n")
            let mixed = try Workspace.file("numbers", with: Array("198503119822\n199302759882\n".utf8))
            let bad = try await Program([program, "check-identity"], input: mixed).run()
            #expect(bad.status == 1)
            #expect(bad.text == "INVALID check-digit\nsamordningsnummer VALID\n")
        }

        @Test func `config check shows what is in effect, and says what is wrong`() async throws {
            let system = try await SharedSystem.main()
            let good = try await self.tool(
                system, ["config", "check", "--json"], settings: ["SHS_AMQP_PASSWORD": "never-shown"])
            #expect(good.status == 0, "\(good.errorText)")
            #expect(good.text.contains("\"valid\" : true"))
            #expect(!good.text.contains("never-shown"))
            let bad = try await self.tool(
                system, ["config", "check"], settings: ["SHS_DEADLINE_TARGET": "soon", "SHS_CORRELATE_SHARDS": "0"])
            #expect(bad.status == 1)
            #expect(bad.errorText.contains("deadline.target"))
            #expect(bad.errorText.contains("correlate.shards"))
            let text = Workspace.text(Workspace.configuration).replacing("target: 7s", with: "targt: 7s")
            let misspelt = try Workspace.file("gateway.yaml", with: Array(text.utf8))
            let unknown = try await self.tool(system, ["config", "check", "--config", misspelt])
            #expect(unknown.status == 1)
            #expect(unknown.errorText.contains("unknown key deadline.targt; did you mean deadline.target?"))
        }

        private func tool(
            _ system: GatewaySystem, _ command: [String], settings: [String: String] = [:]
        ) async throws -> Program.Output {
            let peer = system.pki.path(PKI.Peer.municipalityA.rawValue)
            let send = [
                "SHS_SEND_URL": system.url, "SHS_SEND_ANCHORS": system.pki.path("peers/server-anchors.pem"),
                "SHS_SEND_TRANSPORT_CERTIFICATE": peer + "/transport.crt",
                "SHS_SEND_TRANSPORT_KEY": peer + "/transport.key", "SHS_SEND_SIGNER_CERTIFICATE": peer + "/signer.crt",
                "SHS_SEND_SIGNER_KEY": peer + "/signer.key",
                "SHS_SEND_REPLY_ANCHORS": system.pki.path("peers/reply-anchors.pem"),
                "SHS_SEND_REPLY_LISTS": system.pki.path("peers/reply-crls.pem"),
                "SHS_SEND_PARTY": PKI.Organisation.municipalityA,
            ]
            var command = [try Workspace.program()] + command
            if ["send", "verify", "inspect", "config"].contains(command[1]), !command.contains("--config") {
                command += ["--config", Workspace.configuration]
            }
            let environment = system.environment(of: nil).merging(send) { $1 }.merging(settings) { $1 }
            return try await Program(command, environment: environment).run()
        }

        private struct SendReport: Decodable {
            struct Person: Decodable {
                let sections: [String: String]
            }
            let persons: [Person]
        }

        private struct Verdict: Decodable {
            struct Signer: Decodable {
                let subjectSerialNumber: String?
            }
            let accepted: Bool
            let reason: String?
            let signer: Signer?
        }
    }
}
