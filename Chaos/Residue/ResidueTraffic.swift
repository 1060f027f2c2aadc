import Foundation
import GatewayTestSupport
import SHS
import SHSClient
import Trust

/// Questions to a running gateway, and everything that was said in them and in their answers.
package struct ResidueTraffic: Sendable {
    /// What was sent and what came back.
    package struct Outcome: Sendable {
        package var sent = 0
        package var answered = 0
        package var needles: [Needle] = []
    }

    private let client: SHSClient
    private let address: OutgoingMessage.Address
    private let signer: CMSSigner

    package init(_ values: [String: String]) throws {
        func value(_ key: String) throws -> String {
            guard let value = values[key] else {
                throw Missing(description: "\(key) is missing in the environment file")
            }
            return value
        }
        self.client = try SHSClient(
            url: try value("SHS_URL"),
            credentials: .init(
                anchors: try value("SHS_CA"), certificate: try value("SHS_CLIENT_CERT"),
                key: try value("SHS_CLIENT_KEY")))
        self.signer = try CMSSigner(
            certificatePEM: [UInt8](try Data(contentsOf: URL(filePath: try value("SHS_SIGNER_CERT")))),
            keyPEM: [UInt8](try Data(contentsOf: URL(filePath: try value("SHS_SIGNER_KEY")))))
        guard let from = PartyAddress(try value("SHS_PARTY")), let to = PartyAddress(try value("SHS_TO")),
            let product = ProductID(try value("SHS_PRODUCT"))
        else { throw Missing(description: "SHS_PARTY, SHS_TO or SHS_PRODUCT is not valid") }
        self.address = .init(from: from, to: to, product: product, status: .test)
    }

    /// Sends messages about so many persons, one, two and three in turn, several at the same time.
    package func run(persons: Int, inFlight: Int = 8) async throws -> Outcome {
        var outcome = Outcome()
        var fragments = Fragments()
        var first = 0
        var messages: [(numbers: [String], purpose: String)] = []
        while first < persons {
            let numbers = (first..<min(persons, first + 1 + messages.count % 3)).map {
                FictitiousNumber.digits($0, bornFrom: 10)
            }
            messages.append((numbers, "Bistånd \(Self.word()) \(Self.word())"))
            first += numbers.count
        }
        outcome.sent = messages.count
        for message in messages {
            outcome.needles += message.numbers.map(Needle.personnummer)
            outcome.needles.append(Needle(kind: "question", texts: [message.purpose]))
        }
        let replies = try await withThrowingTaskGroup(of: [String]?.self) { group in
            var waiting = messages.makeIterator()
            for _ in 0..<inFlight {
                if let next = waiting.next() { group.addTask { try await self.ask(next.numbers, next.purpose) } }
            }
            var replies: [[String]] = []
            while let reply = try await group.next() {
                if let reply { replies.append(reply) }
                if let next = waiting.next() { group.addTask { try await self.ask(next.numbers, next.purpose) } }
            }
            return replies
        }
        outcome.answered = replies.count
        for answer in replies.joined() { fragments.add(answer) }
        outcome.needles += fragments.rare(among: 400).map { Needle(kind: "answer", texts: [$0]) }
        return outcome
    }

    package func end() async { await self.client.shutdown() }

    /// The answers; nil when there were none.
    private func ask(_ numbers: [String], _ purpose: String) async throws -> [String]? {
        let message = try OutgoingMessage(
            numbers.enumerated().map {
                .init(filename: "question-\($0).xml", document: Array(Self.question($1, purpose).utf8))
            }, address: self.address, signer: self.signer, datetime: "2026-01-02T03:04:05",
            newUUID: { UUID().uuidString.lowercased() })
        let response = try await self.client.post(message.bytes, timeout: .seconds(60))
        guard response.status == 200 else { return nil }
        let limits = MessageLimits()
        guard
            case .detached(let content, _) = try SignedEntity.read(
                contentType: "message/rfc822", body: response.body, limits: limits)
        else { return nil }
        return try Message.read(content, limits: limits).parts.map { String(decoding: $0.content, as: UTF8.self) }
    }

    /// Letters that stand nowhere else, with some that UTF-8 and Latin-1 write differently.
    private static func word() -> String {
        "å" + String((0..<9).map { _ in "abcdefghijklmnopqrstuvwxyzåäö".randomElement() ?? "x" }) + "ö"
    }

    private static func question(_ number: String, _ purpose: String) -> String {
        let lefi =
            #"{"personnummer":"\#(number)","period":{"from":"2026-01-01","tom":"2026-01-31"},"#
            + #""formansinformation":["FK:SJP","FK:FP","FK:BOB","PM:AP"],"ovrigInformation":["FK:GEPI","FK:SGI"]}"#
        let others = ["SKV", "SO", "TNS", "MIV"].map { #"<\#($0) inkludera="true"/>"# }.joined()
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <hamtaBastjanstInformation xmlns="http://schema.forsakringskassan.se/integration/ssbt/10">
              <generellaFrageparametrar>
                <korrelationsid>\(UUID().uuidString.lowercased())</korrelationsid>
                <fraganSkallInkluderasISvaret>true</fraganSkallInkluderasISvaret>
                <ingivare>
                  <organisationsnummer>162120009911</organisationsnummer>
                  <namn>Exempelkommun</namn>
                  <handlaggare>handlaggare-17</handlaggare>
                </ingivare>
                <personidentitet>\(number)</personidentitet>
                <arendeidentitet>EB-2026-0042</arendeidentitet>
                <tidsperiod><fromDatum>2026-01-01</fromDatum><tomDatum>2026-01-31</tomDatum></tidsperiod>
                <syfte>\(purpose)</syfte>
                <lagtext>11 kap. 11 § socialtjänstlagen</lagtext>
              </generellaFrageparametrar>
              <specifikaFrageparametrar>
                <AF inkludera="true"/><CSN inkludera="true"/>
                <FK inkludera="true"><fraga><version>v9</version>\
            <aktorsid>00000000-0000-0000-0000-00000000a001</aktorsid>\
            <lefiJsonFraga>\(Data(lefi.utf8).base64EncodedString())</lefiJsonFraga></fraga></FK>
                \(others)
              </specifikaFrageparametrar>
            </hamtaBastjanstInformation>
            """
    }

    /// The environment file lacks something.
    package struct Missing: Error, CustomStringConvertible {
        package let description: String
    }
}
