import AMQP
import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// The reference: what the broker can do with the gateway's pattern of messages and nothing else.
///
/// One round is eight persistent messages to eight quorum queues, eight answers to one, and one aggregate to another, each
/// published with confirms and acknowledged after what it caused is confirmed; no cryptography, no parsing, no HTTP.
final class RawFanOut: Sendable {
    private static let width = 8

    /// Bytes of the messages: as large as the gateway's own, or the reference would be of something else.
    struct Sizes {
        let item: Int
        let answer: Int
        let aggregate: Int

        /// - Parameter reply: the signed reply, whose answers are base64.
        init(question: Int, reply: Int) {
            self.item = question
            self.answer = reply * 3 / 4 / RawFanOut.width
            self.aggregate = reply
        }

        var text: String {
            "8 items of \(self.item) bytes, 8 answers of \(self.answer), 1 aggregate of \(self.aggregate)"
        }
    }

    private let publisher: AMQPConnection
    private let consumer: AMQPConnection
    private let prefix: String
    private let item: [UInt8]
    private let answerBody: [UInt8]
    private let aggregateBody: [UInt8]
    private let waiting = Mutex<[String: CheckedContinuation<Void, Never>]>([:])

    private init(_ environment: BenchEnvironment, sizes: Sizes) throws {
        self.item = [UInt8](repeating: 0x61, count: sizes.item)
        self.answerBody = [UInt8](repeating: 0x62, count: sizes.answer)
        self.aggregateBody = [UInt8](repeating: 0x63, count: sizes.aggregate)
        var configuration = AMQPConfiguration()
        configuration.host = try environment.value("AMQP_HOST")
        configuration.port = Int(try environment.value("AMQP_PORT")) ?? 5_672
        configuration.credentials = .password(
            user: try environment.value("AMQP_USER"), password: try environment.value("AMQP_PASSWORD"))
        let prefix = "bench.\(UUID().uuidString.prefix(8))"
        let names = (0..<Self.width).map { "\(prefix).work.\($0)" } + ["\(prefix).answers", "\(prefix).reply"]
        self.prefix = prefix
        let topology = Topology(queues: names.map { QueueDeclaration(name: $0) })
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        self.publisher = AMQPConnection(configuration: configuration, topology: topology, logger: logger)
        self.consumer = AMQPConnection(configuration: configuration, topology: topology, logger: logger)
    }

    /// Rounds per second with as many rounds in flight.
    static func run(
        _ environment: BenchEnvironment, sizes: Sizes, inFlight: Int, for time: Duration
    ) async throws -> Double {
        let bench = try RawFanOut(environment, sizes: sizes)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.publisher.run() }
            group.addTask { try await bench.consumer.run() }
            try await bench.publisher.waitUntilConnected(timeout: .seconds(10))
            try await bench.consumer.waitUntilConnected(timeout: .seconds(10))
            bench.startStages(&group)
            let rate = await bench.measure(inFlight: inFlight, for: time)
            await bench.deleteQueues()
            group.cancelAll()
            return rate
        }
    }

    private func startStages(_ group: inout ThrowingTaskGroup<Void, any Error>) {
        for index in 0..<Self.width {
            let consumer = self.consumer.consume(queue: "\(self.prefix).work.\(index)", prefetch: 64)
            group.addTask { await self.answer(consumer) }
        }
        let answers = self.consumer.consume(queue: "\(self.prefix).answers", prefetch: 2_000)
        group.addTask { await self.aggregate(answers) }
        let replies = self.consumer.consume(queue: "\(self.prefix).reply", prefetch: 500)
        group.addTask { await self.finish(replies) }
    }

    private func measure(inFlight: Int, for time: Duration) async -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        let rounds = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    var rounds = 0
                    while clock.now - start < time {
                        await self.round()
                        rounds += 1
                    }
                    return rounds
                }
            }
            return await group.reduce(0, +)
        }
        return Double(rounds) / ((clock.now - start) / .seconds(1))
    }

    /// One round: eight items out, then the wait for the aggregate.
    private func round() async {
        let id = UUID().uuidString
        let items = (0..<Self.width).map {
            AMQPPublication(self.message(id, self.item), exchange: "", routingKey: "\(self.prefix).work.\($0)")
        }
        await withCheckedContinuation { continuation in
            self.waiting.withLock { $0[id] = continuation }
            // The aggregate may come before the last confirm; both are part of the round.
            Task { _ = await self.publisher.publishAll(items) }
        }
    }

    private func answer(_ consumer: AMQPConsumer) async {
        await withDiscardingTaskGroup { group in
            for await event in consumer {
                guard case .delivery(let delivery) = event, let id = delivery.message.messageID else { continue }
                group.addTask {
                    try? await self.publisher.publish(
                        self.message(id, self.answerBody), exchange: "", routingKey: "\(self.prefix).answers")
                    self.consumer.settle(delivery, .acknowledge)
                }
            }
        }
    }

    private func aggregate(_ consumer: AMQPConsumer) async {
        var held: [String: [AMQPDelivery]] = [:]
        await withDiscardingTaskGroup { group in
            for await event in consumer {
                guard case .delivery(let delivery) = event, let id = delivery.message.messageID else { continue }
                held[id, default: []].append(delivery)
                guard let complete = held[id], complete.count == Self.width else { continue }
                held[id] = nil
                group.addTask {
                    try? await self.publisher.publish(
                        self.message(id, self.aggregateBody), exchange: "", routingKey: "\(self.prefix).reply")
                    self.consumer.acknowledge(complete)
                }
            }
        }
    }

    private func finish(_ consumer: AMQPConsumer) async {
        for await event in consumer {
            guard case .delivery(let delivery) = event, let id = delivery.message.messageID else { continue }
            self.consumer.settle(delivery, .acknowledge)
            self.waiting.withLock { $0.removeValue(forKey: id) }?.resume()
        }
    }

    private func deleteQueues() async {
        for index in 0..<Self.width { try? await self.publisher.delete(queue: "\(self.prefix).work.\(index)") }
        try? await self.publisher.delete(queue: "\(self.prefix).answers")
        try? await self.publisher.delete(queue: "\(self.prefix).reply")
    }

    private func message(_ id: String, _ body: [UInt8]) -> AMQPMessage {
        AMQPMessage(body: body, messageID: id)
    }
}
