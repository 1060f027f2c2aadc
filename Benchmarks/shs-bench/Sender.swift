import Foundation
import SHS
import SHSClient
import Trust

/// One party's system: its certificates, and what it asks.
struct Sender: Sendable {
    /// What a request came to.
    enum Outcome: Sendable {
        case reply(bytes: Int)
        /// 429: more than the party may ask.
        case refused
        /// Another status with its code, or the error that there was instead of a response.
        case other(String)
    }

    private let connect: @Sendable () throws -> SHSClient
    private let client: SHSClient
    private let signer: CMSSigner
    private let address: OutgoingMessage.Address
    private let question: [UInt8]

    /// How long a response may take; longer than the gateway takes to say that there is none.
    private static let patience: Duration = .seconds(60)

    /// The party that the environment names.
    init(_ environment: BenchEnvironment, question: [UInt8]) throws {
        try self.init(
            environment, organisation: try environment.value("SHS_PARTY"),
            transport: (try environment.value("SHS_CLIENT_CERT"), try environment.value("SHS_CLIENT_KEY")),
            signer: (try environment.value("SHS_SIGNER_CERT"), try environment.value("SHS_SIGNER_KEY")),
            question: question, maximumConnections: 64)
    }

    /// - Parameter folder: a party's, with `transport` and `signer` (each .crt and .key) and `organisation`.
    init(_ environment: BenchEnvironment, folder: String, question: [UInt8]) throws {
        let organisation = try String(contentsOfFile: "\(folder)/organisation", encoding: .utf8)
        try self.init(
            environment, organisation: organisation.trimmingCharacters(in: .whitespacesAndNewlines),
            transport: ("\(folder)/transport.crt", "\(folder)/transport.key"),
            signer: ("\(folder)/signer.crt", "\(folder)/signer.key"),
            question: question, maximumConnections: 64)
    }

    private init(
        _ environment: BenchEnvironment, organisation: String, transport: (certificate: String, key: String),
        signer: (certificate: String, key: String), question: [UInt8], maximumConnections: Int
    ) throws {
        let url = try environment.value("SHS_URL")
        let credentials = SHSClient.Credentials(
            anchors: try environment.value("SHS_CA"), certificate: transport.certificate, key: transport.key)
        self.connect = { try SHSClient(url: url, credentials: credentials, maximumConnections: maximumConnections) }
        self.client = try self.connect()
        self.signer = try CMSSigner(
            certificatePEM: [UInt8](try Data(contentsOf: URL(fileURLWithPath: signer.certificate))),
            keyPEM: [UInt8](try Data(contentsOf: URL(fileURLWithPath: signer.key))))
        guard let from = PartyAddress(organisation), let to = PartyAddress(try environment.value("SHS_TO")),
            let product = ProductID(try environment.value("SHS_PRODUCT"))
        else { throw BenchEnvironment.Missing(description: "a party, SHS_TO or SHS_PRODUCT is not valid") }
        self.address = .init(from: from, to: to, product: product, status: .test)
        self.question = question
    }

    /// A freshly signed message with a tx.id of its own, or the gateway would rightly answer repeats with one reply.
    func message() throws -> [UInt8] {
        try OutgoingMessage(
            [.init(filename: "question.xml", document: self.question)], address: self.address, signer: self.signer,
            datetime: "2026-01-02T03:04:05", newUUID: { UUID().uuidString.lowercased() }
        ).bytes
    }

    /// On a connection that is kept.
    func post(_ message: [UInt8]) async -> Outcome { await Self.post(message, by: self.client) }

    /// On a connection of its own, with a whole TLS handshake.
    func postAlone(_ message: [UInt8]) async -> Outcome {
        guard let client = try? self.connect() else { return .other("no client") }
        let outcome = await Self.post(message, by: client)
        await client.shutdown()
        return outcome
    }

    func shutdown() async { await self.client.shutdown() }

    private static func post(_ message: [UInt8], by client: SHSClient) async -> Outcome {
        do {
            let response = try await client.post(message, timeout: Self.patience)
            switch response.status {
            case 200: return .reply(bytes: response.body.count)
            case 429: return .refused
            default: return .other("\(response.status) \(response.errorCode ?? "")")
            }
        } catch {
            return .other("\(error)")
        }
    }
}
