import Foundation
import SHS
import SHSClient
import Synchronization
import Trust

/// Closed-loop load: a fixed number of requests in flight over keep-alive mutual TLS, each a freshly signed message.
///
/// Every message has a tx.id of its own, or the gateway would rightly answer repeats with one reply. They are signed before
/// the clock starts.
final class ClosedLoad: Sendable {
    private let client: SHSClient
    /// A client of its own, whose first request needs a whole handshake.
    private let newClient: @Sendable () throws -> SHSClient
    private let signer: CMSSigner
    private let address: OutgoingMessage.Address
    private let question: [UInt8]

    init(_ environment: BenchEnvironment, question path: String) throws {
        let url = try environment.value("SHS_URL")
        let credentials = SHSClient.Credentials(
            anchors: try environment.value("SHS_CA"), certificate: try environment.value("SHS_CLIENT_CERT"),
            key: try environment.value("SHS_CLIENT_KEY"))
        self.newClient = { try SHSClient(url: url, credentials: credentials, maximumConnections: 64) }
        self.client = try self.newClient()
        self.signer = try CMSSigner(
            certificatePEM: [UInt8](
                try Data(contentsOf: URL(fileURLWithPath: try environment.value("SHS_SIGNER_CERT")))),
            keyPEM: [UInt8](try Data(contentsOf: URL(fileURLWithPath: try environment.value("SHS_SIGNER_KEY")))))
        guard let from = PartyAddress(try environment.value("SHS_PARTY")),
            let to = PartyAddress(try environment.value("SHS_TO")),
            let product = ProductID(try environment.value("SHS_PRODUCT"))
        else { throw BenchEnvironment.Missing(description: "SHS_PARTY, SHS_TO or SHS_PRODUCT is not valid") }
        self.address = .init(from: from, to: to, product: product, status: .test)
        self.question = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    func messageSize() throws -> Int { try self.message().count }

    var questionSize: Int { self.question.count }

    /// Runs until the time is over and every request has its response.
    ///
    /// - Parameter connectsAnew: Whether each request is sent on a connection of its own, with a whole TLS handshake.
    func run(inFlight: Int, for time: Duration, connectsAnew: Bool = false) async throws -> LoadResult {
        // More than the machine can take in the time; a run that uses them up ends early and says so by its rate.
        let supply = MessageSupply(try (0..<Self.supply(for: time)).map { _ in try self.message() })
        let clock = ContinuousClock()
        let start = clock.now
        let results = await withTaskGroup(of: LoadResult.self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    var result = LoadResult()
                    while clock.now - start < time, let message = supply.next() {
                        let sent = clock.now
                        let reply =
                            connectsAnew ? await self.postAlone(message) : await self.post(message, by: self.client)
                        result.add(reply, after: clock.now - sent)
                    }
                    return result
                }
            }
            return await group.reduce(into: LoadResult()) { $0.merge($1) }
        }
        return results.taking(clock.now - start)
    }

    func shutdown() async { await self.client.shutdown() }

    /// The reply's size; nil when it was not 200.
    private func post(_ message: [UInt8], by client: SHSClient) async -> Int? {
        guard let response = try? await client.post(message, timeout: .seconds(60)), response.status == 200 else {
            return nil
        }
        return response.body.count
    }

    private func postAlone(_ message: [UInt8]) async -> Int? {
        guard let client = try? self.newClient() else { return nil }
        let size = await self.post(message, by: client)
        await client.shutdown()
        return size
    }

    private func message() throws -> [UInt8] {
        try OutgoingMessage(
            [.init(filename: "question.xml", document: self.question)],
            address: self.address,
            signer: self.signer,
            datetime: "2026-01-02T03:04:05",
            newUUID: { UUID().uuidString.lowercased() }
        ).bytes
    }

    private static func supply(for time: Duration) -> Int { Int(time.components.seconds) * 1_500 }
}

/// Signed messages for one run; each is handed out once.
private final class MessageSupply: Sendable {
    private let messages: [[UInt8]]
    private let used = Mutex(0)

    init(_ messages: [[UInt8]]) {
        self.messages = messages
    }

    func next() -> [UInt8]? {
        let index = self.used.withLock { used in
            defer { used += 1 }
            return used
        }
        return index < self.messages.count ? self.messages[index] : nil
    }
}
