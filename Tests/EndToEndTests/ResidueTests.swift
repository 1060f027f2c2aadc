import Foundation
import GatewayTestSupport
import Residue
import Testing

extension EndToEndTests {
    /// Nothing personal stands anywhere but inside sealed payloads; memory and swap are searched by `./run chaos --residue`.
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

            let folders = [system.broker.folder] + TestBroker.virtualHosts.map { "\(Workspace.folder)/\($0)" }
            let result = ResidueSearch(for: Person.needles).files(in: folders)
            #expect(result.findings == [])
            // Files were there to be searched.
            #expect(result.places > 50)
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
            let search = ResidueSearch(for: [.personnummer(number)])
            try await eventually("the message is on the disk", within: .seconds(10)) {
                !search.files(in: [system.broker.folder + "/data"]).findings.isEmpty
            }
        }
    }
}
