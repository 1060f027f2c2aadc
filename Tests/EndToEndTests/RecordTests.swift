import Foundation
import GatewayTestSupport
import Residue
import Testing

extension EndToEndTests {
    /// Security staff can prove who asked about whom, and nothing of what was asked or said stands in the record.
    struct RecordTests {
        @Test func `a question is found by case worker, party, transaction and person, with every stage`() async throws
        {
            let system = try await SharedSystem.main(["latency=0ms", "SKV:away"])
            let openssl = OpenSSL(pki: system.pki)
            let persons = [Person.new(), .new()]
            var questions = persons.map { Question($0).text }
            let worker = "handläggare \"\(UUID().uuidString.prefix(8))\""
            questions[1] = questions[1].replacing("handlaggare-17", with: worker)
            var request = RequestMessage(about: persons[0])
            request.questions = questions
            #expect(try await system.post(try await openssl.sign(request.bytes)).status == 200)

            let found = try await Self.find(system, ["--transaction", request.txID])
            #expect(found.count == 1)
            let access = try #require(found.first)
            let accepted = try #require(access.steps.first?.entry)
            #expect(accepted.event == "accepted")
            #expect(accepted.party == PKI.Organisation.municipalityA)
            #expect(
                accepted.signer?.serial == (try await Self.serial(of: system.pki.path("peers/kommun-a/signer.crt"))))
            #expect(accepted.questions?.map(\.caseWorker) == ["handlaggare-17", worker])
            #expect(accepted.questions?.map(\.case) == ["EB-2026-0042", "EB-2026-0042"])
            #expect(accepted.questions?.allSatisfy { $0.providers == Role.providers } == true)
            let events = access.steps.map(\.entry.event)
            #expect(events.filter { $0 == "provided" }.count == 14)
            #expect(Set(access.steps.map(\.role)) == ["ingress", "worker", "correlator"])
            for event in ["replying", "discarded", "answered"] { #expect(events.contains(event), "\(event)") }
            let away = access.steps.map(\.entry).filter { $0.provider == "SKV" }
            #expect(away.map(\.felkod) == ["SSBT-2", "SSBT-2"])

            let transaction = try #require(access.transaction)
            #expect(try await Self.find(system, ["--case-worker", worker]).map(\.transaction) == [transaction])
            #expect(
                try await Self.find(system, ["--party", PKI.Organisation.municipalityA])
                    .contains { $0.transaction == transaction })
            let number = try Workspace.file("number", with: Array("\(persons[1].number)\n".utf8))
            let byPerson = try await Self.find(system, ["--person"], input: number)
            #expect(byPerson.map(\.transaction) == [transaction])
            #expect(byPerson.first?.steps.first?.entry.questions?.map(\.caseWorker) == [worker])
            #expect(try await Self.audit(system, ["find", "--case-worker", "nobody"]).status == 1)
        }

        @Test func `who asked stands in the record alone, and of what was asked nothing else does`() async throws {
            let system = try await SharedSystem.main()
            let openssl = OpenSSL(pki: system.pki)
            let person = Person.withMuchData()
            let worker = "arbetare-\(UInt64.random(in: 0 ... .max))"
            let question = Question(person).text.replacing("handlaggare-17", with: worker)
                .replacing("EB-2026-0042", with: "akt-\(worker)")
            var request = RequestMessage(about: person)
            request.questions = [question]
            // A sender may put anything into tx.id.
            request.txID = person.number
            #expect(try await system.post(try await openssl.sign(request.bytes)).status == 200)

            let record = system.folder + "/record"
            #expect(ResidueSearch(for: Person.needles).files(in: [record]).findings == [])
            // From the question, and from what simulators answer about a person with much data.
            for text in ["Handläggning av ekonomiskt", "Exempelkommun", "korr-1", "2025-10-01", "socialtjänstlagen"] {
                #expect(try await Self.files(with: text, in: record) == [], "\(text)")
            }
            let holders =
                try await Self.files(with: worker, in: system.folder)
                + Self.files(with: worker, in: system.broker.folder)
            #expect(!holders.isEmpty)
            #expect(holders.allSatisfy { $0.hasPrefix(record + "/ingress/") }, "\(holders)")
        }

        @Test func `audit verify finds what was done to the record, also after every role was killed`() async throws {
            let system = try await SharedSystem.main()
            let openssl = OpenSSL(pki: system.pki)
            for _ in 0..<5 {
                #expect(
                    try await system.post(try await openssl.sign(RequestMessage(about: .new()).bytes)).status == 200)
            }
            let live = try await Self.audit(system, ["verify"])
            #expect(live.status == 0, "\(live.text) \(live.errorText)")
            for role in [Role.worker("CSN"), .correlator, .ingress] {
                try await system.kill(role)
                try await system.start(role)
            }
            try await system.waitUntilReady()
            let restarted = try await Self.audit(system, ["verify"])
            #expect(restarted.status == 0, "\(restarted.text)")
            #expect(restarted.text.contains("its process was killed or had no key; it was sealed later"))

            // On a copy, what nobody should be able to do unseen.
            let copy = Workspace.folder + "/record-copy"
            try? FileManager.default.removeItem(atPath: copy)
            try FileManager.default.copyItem(atPath: system.folder + "/record", toPath: copy)
            let sealed = try #require(Self.sealedFile(in: copy + "/ingress"))
            let lines = Workspace.text(sealed).split(separator: "\n").map(String.init)
            try #require(lines.count > 6)
            func verify(_ changed: [String]) async throws -> Set<String> {
                try Data((changed.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: sealed))
                let output = try await Self.audit(system, ["verify", "--json", "--directory", copy])
                let report = try JSONDecoder().decode(Report.self, from: Data(output.standardOutput))
                #expect(output.status == (report.findings.isEmpty ? 0 : 1))
                return Set(report.findings.filter { sealed.hasSuffix($0.file) }.map(\.kind))
            }
            #expect(try await verify(lines) == [])
            var changed = lines
            changed[3] = changed[3].replacing("\"event\":\"a", with: "\"event\":\"b")
            if changed == lines { changed[3] = changed[3].replacing("\"event\":\"", with: "\"event\":\"x") }
            #expect(try await verify(changed) == ["changed"])
            changed = lines
            changed.remove(at: 3)
            #expect(try await verify(changed) == ["removed"])
            #expect(try await verify(lines.dropLast()) == ["cut"])
            changed = lines
            changed.swapAt(3, 4)
            #expect(try await verify(changed) == ["reordered"])
            _ = try await verify(lines)

            // Whoever has another certificate of the same form cannot seal.
            let output = try await Self.audit(
                system, ["verify", "--directory", copy, "--trust", system.pki.setPath("anchors/providers.pem")])
            #expect(output.status == 1)
            #expect(output.text.contains("forged-seal"))
        }

        // MARK: Means

        private static func audit(
            _ system: GatewaySystem, _ arguments: [String], input: String = "/dev/null"
        ) async throws -> Program.Output {
            let command = [try Workspace.program(), "audit", arguments[0], "--config", Workspace.configuration]
            return try await Program(
                command + arguments.dropFirst(), environment: system.environment(of: nil), input: input
            ).run()
        }

        private static func find(
            _ system: GatewaySystem, _ arguments: [String], input: String = "/dev/null"
        ) async throws -> [Access] {
            let output = try await Self.audit(system, ["find", "--json"] + arguments, input: input)
            #expect(output.status == 0, "\(arguments): \(output.errorText)")
            return try JSONDecoder().decode([Access].self, from: Data(output.standardOutput))
        }

        private static func serial(of certificate: String) async throws -> String {
            let output = try await Program(["openssl", "x509", "-in", certificate, "-noout", "-serial"]).run()
            return output.text.trimmingCharacters(in: .whitespacesAndNewlines).replacing("serial=", with: "")
        }

        private static func files(with text: String, in folder: String) async throws -> [String] {
            let output = try await Program(["grep", "-r", "-l", "-a", "-F", "-e", text, "--", folder]).run()
            return output.text.split(separator: "\n").map(String.init)
        }

        /// The file with the most entries that no process holds.
        private static func sealedFile(in folder: String) -> String? {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter { name in
                name.hasSuffix(".jsonl") && name != "ledger.jsonl" && !names.contains(name + ".head")
            }.map { "\(folder)/\($0)" }.max { Workspace.bytes($0).count < Workspace.bytes($1).count }
        }

        private struct Report: Decodable {
            struct Finding: Decodable {
                let kind: String
                let file: String
            }
            let findings: [Finding]
        }

        private struct Access: Decodable {
            struct Step: Decodable {
                let role: String
                let entry: Entry
            }
            let transaction: String?
            let steps: [Step]
        }

        private struct Entry: Decodable {
            struct Certificate: Decodable { let serial: String }
            struct Question: Decodable {
                let caseWorker: String
                let `case`: String
                let providers: [String]
            }
            let event: String
            let party: String?
            let signer: Certificate?
            let questions: [Question]?
            let provider: String?
            let felkod: String?
        }
    }
}
