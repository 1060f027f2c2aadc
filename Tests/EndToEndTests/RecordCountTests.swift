import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// What ends before anybody behind the HTTP endpoint hears of it stands in the record all the same, counted.
    struct RecordCountTests {
        private struct Entry: Decodable {
            struct Certificate: Decodable { let serial: String }
            let event: String
            let fault: String?
            let party: String?
            let client: Certificate?
            let count: Int?
            let kind: String?
        }

        @Test func `requests that are refused unread are in the record, with their number and whose they were`()
            async throws
        {
            let system = try await SharedSystem.main(settings: [
                "SHS_INGRESS_LIMITS_BODY_BYTES": "100000", "SHS_LIMITS_PARTY_RATE": "1", "SHS_LIMITS_PARTY_BURST": "2",
            ])
            let before = try Self.entries(of: "ingress", in: system).count
            let marker = Array("198503119821 marker".utf8)
            let large = marker + [UInt8](repeating: 1, count: 100_000)
            for _ in 0..<5 { #expect(try await system.post(large, as: .municipalityB).status == 413) }
            for _ in 0..<3 { #expect(try await system.curl([], as: .municipalityB, system.url).status == 405) }
            #expect(try await system.post(marker, options: ["--header", "Transfer-Encoding: x"]).status == 400)
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(try await system.post(marker).status) }
            let tooMany = statuses.count { $0 == 429 }
            #expect(tooMany > 0 && statuses.allSatisfy { $0 == 429 || $0 == 400 })

            // The first is written at once, and what has been counted at the end of the process at the latest.
            let first = try Self.entries(of: "ingress", in: system).dropFirst(before).filter { $0.count != nil }
            #expect(
                first.map(\.fault) == ["message-too-large", "method-not-allowed", "bad-request", "too-many-requests"])
            #expect(first.allSatisfy { $0.event == "refused" && $0.count == 1 })
            try await system.terminate(.ingress)
            let all = try Self.entries(of: "ingress", in: system).dropFirst(before).filter { $0.event == "refused" }
            func count(_ fault: String, _ party: String) -> Int {
                all.filter { $0.fault == fault && $0.party == party }.compactMap(\.count).reduce(0, +)
            }
            #expect(count("message-too-large", PKI.Organisation.municipalityB) == 5)
            #expect(count("method-not-allowed", PKI.Organisation.municipalityB) == 3)
            #expect(count("bad-request", PKI.Organisation.municipalityA) == 1)
            #expect(count("too-many-requests", PKI.Organisation.municipalityA) == tooMany)
            let serial = try await Self.serial(of: system.pki.path("peers/kommun-b/transport.crt"))
            #expect(
                all.filter { $0.party == PKI.Organisation.municipalityB }.allSatisfy { $0.client?.serial == serial })
            let record = system.folder + "/record"
            #expect(try await Program(["grep", "-r", "-a", "-e", "marker", "--", record]).run().status == 1)
            try await system.start(.ingress)
        }

        /// Entries of a role in the order of its files.
        private static func entries(of role: String, in system: GatewaySystem) throws -> [Entry] {
            let folder = "\(system.folder)/record/\(role)"
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
                $0.hasSuffix(".jsonl") && $0 != "ledger.jsonl"
            }
            return try names.sorted().flatMap { name in
                try Workspace.text("\(folder)/\(name)").split(separator: "\n").map {
                    try JSONDecoder().decode(Entry.self, from: Data($0.utf8))
                }
            }
        }

        private static func serial(of certificate: String) async throws -> String {
            let output = try await Program(["openssl", "x509", "-in", certificate, "-noout", "-serial"]).run()
            return output.text.trimmingCharacters(in: .whitespacesAndNewlines).replacing("serial=", with: "")
        }
    }
}
