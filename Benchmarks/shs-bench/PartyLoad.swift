import Foundation
import SHS
import SHSClient
import Synchronization
import Trust

/// Open-loop load of one party: a request is sent when its time has come, however many still wait.
///
/// What is refused with 429 is sent again later, as a party's system would.
final class PartyLoad: Sendable {
    private let client: SHSClient
    private let signer: CMSSigner
    private let address: OutgoingMessage.Address
    private let question: [UInt8]
    private let messages = Mutex<[[UInt8]]>([])

    /// - Parameter folder: with `transport`, `signer` (each .crt and .key) and `organisation`.
    init(_ environment: BenchEnvironment, folder: String, question: [UInt8]) throws {
        func bytes(_ name: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
        }
        self.client = try SHSClient(
            url: try environment.value("SHS_URL"),
            credentials: .init(
                anchors: try environment.value("SHS_CA"), certificate: "\(folder)/transport.crt",
                key: "\(folder)/transport.key"),
            maximumConnections: 32)
        self.signer = try CMSSigner(certificatePEM: try bytes("signer.crt"), keyPEM: try bytes("signer.key"))
        let organisation = String(decoding: try bytes("organisation"), as: UTF8.self)
        guard let from = PartyAddress(organisation.trimmingCharacters(in: .whitespacesAndNewlines)),
            let to = PartyAddress(try environment.value("SHS_TO")),
            let product = ProductID(try environment.value("SHS_PRODUCT"))
        else { throw BenchEnvironment.Missing(description: "\(folder): organisation is not valid") }
        self.address = .init(from: from, to: to, product: product, status: .test)
        self.question = question
    }

    /// Signs beforehand what may be accepted.
    func prepare(_ count: Int) throws {
        let missing = count - self.messages.withLock { $0.count }
        let made = try (0..<max(0, missing)).map { _ in
            try OutgoingMessage(
                [.init(filename: "question.xml", document: self.question)], address: self.address,
                signer: self.signer, datetime: "2026-01-02T03:04:05", newUUID: { UUID().uuidString.lowercased() }
            ).bytes
        }
        self.messages.withLock { $0 += made }
    }

    /// - Parameters:
    ///   - rate: requests a second.
    ///   - time: how long requests are sent; returns when all of them have their responses.
    func run(rate: Int, for time: Duration) async -> LoadResult {
        let clock = ContinuousClock()
        let start = clock.now
        let total = Int(time / .seconds(1) * Double(rate))
        let results = await withTaskGroup(of: LoadResult.self) { group in
            var all = LoadResult()
            var running = 0
            for index in 0..<total {
                try? await clock.sleep(until: start + .seconds(Double(index) / Double(rate)))
                guard let message = self.messages.withLock({ $0.popLast() }) else { break }
                if running >= 64, let one = await group.next() {
                    all.merge(one)
                    running -= 1
                }
                group.addTask { await self.send(message) }
                running += 1
            }
            return await group.reduce(into: all) { $0.merge($1) }
        }
        return results.taking(clock.now - start)
    }

    func shutdown() async { await self.client.shutdown() }

    private func send(_ message: [UInt8]) async -> LoadResult {
        let clock = ContinuousClock()
        let sent = clock.now
        let response = try? await self.client.post(message, timeout: .seconds(60))
        var result = LoadResult()
        if response?.status == 429 {
            result.refuse()
            self.messages.withLock { $0.append(message) }
        } else {
            result.add(response?.status == 200 ? response?.body.count : nil, after: clock.now - sent)
        }
        return result
    }
}
