import Foundation
import Synchronization

/// Closed-loop load: a fixed number of requests in flight over keep-alive mutual TLS, each a freshly signed message.
///
/// They are signed before the clock starts.
final class ClosedLoad: Sendable {
    private let sender: Sender
    let questionSize: Int

    init(_ environment: BenchEnvironment, question path: String) throws {
        let question = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        self.sender = try Sender(environment, question: question)
        self.questionSize = question.count
    }

    func messageSize() throws -> Int { try self.sender.message().count }

    /// Runs until the time is over and every request has its response.
    ///
    /// - Parameter connectsAnew: Whether each request is sent on a connection of its own, with a whole TLS handshake.
    func run(inFlight: Int, for time: Duration, connectsAnew: Bool = false) async throws -> LoadResult {
        // More than the machine can take in the time; a run that uses them up ends early and says so by its rate.
        let supply = MessageSupply(try (0..<Self.supply(for: time)).map { _ in try self.sender.message() })
        let clock = ContinuousClock()
        let start = clock.now
        let results = await withTaskGroup(of: LoadResult.self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    var result = LoadResult()
                    while clock.now - start < time, let message = supply.next() {
                        let sent = clock.now
                        let outcome =
                            connectsAnew ? await self.sender.postAlone(message) : await self.sender.post(message)
                        result.add(outcome, after: clock.now - sent)
                    }
                    return result
                }
            }
            return await group.reduce(into: LoadResult()) { $0.merge($1) }
        }
        return results.taking(clock.now - start)
    }

    func shutdown() async { await self.sender.shutdown() }

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
