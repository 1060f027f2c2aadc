import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// Nothing personal stands anywhere but inside sealed payloads.
    struct ResidueTests {
        @Test func `no person's number is in the broker's data, in a log or in a temporary folder`() async throws {
            // Traffic of every kind: answered, partly answered, refused, garbled by a provider.
            let system = try await SharedSystem.main(
                ["latency=0ms", "SKV:errors=1", "SO:garbage=1", "MIV:hang=1"], settings: ["SHS_DEADLINE_TARGET": "2s"])
            let openssl = OpenSSL(pki: system.pki)
            let persons = [Person.new(), .new(), .withMuchData(), .invalid()]
            let answered = try await system.post(
                try await openssl.sign(RequestMessage(persons.prefix(3).map { Question($0) }).bytes))
            #expect(answered.status == 200)
            let reply = try await ReplyMessage(answered, checkedBy: openssl)
            // The control of what was asked: the numbers do come back to the one who may see them.
            #expect(reply.parts.joined().contains(persons[2].number))
            #expect(
                try await system.post(try await openssl.sign(RequestMessage(about: persons[3]).bytes)).status == 400)
            var request = RequestMessage(about: persons[0])
            request.txID = persons[0].number
            #expect(try await system.post(try await openssl.sign(request.bytes)).status == 200)

            let folders =
                [system.broker.folder]
                + TestBroker.virtualHosts.map { "\(Workspace.folder)/\($0)" }
                .filter { FileManager.default.fileExists(atPath: $0) }
            #expect(try await Residue(of: Person.used.map(\.number)).files(in: folders) == [])
        }

        @Test func `a number that is written in the clear is found, in every form`() async throws {
            let folder = Workspace.folder + "/control"
            Workspace.makeFolder(folder)
            let number = "196502309987"
            let wide: [UInt8] = number.utf8.flatMap { [0, $0] as [UInt8] }
            var forms: [String: [UInt8]] = [
                "utf-8": Array("x\(number)x".utf8), "short": Array("6502309987".utf8),
                "hyphen": Array("650230-9987".utf8), "utf-16-big": [0x78] + wide,
                "utf-16-little": Array(wide.dropFirst()),
            ]
            for offset in 0..<3 {
                let text = Data(Array("{\"nummer".utf8.prefix(6 + offset)) + Array("\(number)\"}".utf8))
                forms["base64-\(offset)"] = Array(text.base64EncodedString().utf8)
            }
            for (name, bytes) in forms { try Data([0xFF, 0] + bytes).write(to: URL(filePath: "\(folder)/\(name)")) }
            let found = try await Residue(of: [number]).files(in: [folder])
            #expect(found == forms.keys.map { "\(folder)/\($0)" }.sorted())
        }

        @Test func `a message in the clear would be found in the broker's data`() async throws {
            let system = try await SharedSystem.main()
            let number = "196502309995"
            let host = system.plan.name
            try await system.broker.control(
                "eval",
                """
                rabbit_basic:publish(rabbit_misc:r(<<"\(host)">>, exchange, <<"shs.dead">>), <<"">>, \
                [{delivery_mode, 2}], <<"\(number)">>).
                """)
            let residue = Residue(of: [number])
            var found: [String] = []
            for _ in 0..<100 where found.isEmpty {
                found = try await residue.files(in: [system.broker.folder + "/data"])
                if found.isEmpty { try await Task.sleep(for: .milliseconds(100)) }
            }
            #expect(!found.isEmpty)
        }
    }
}
