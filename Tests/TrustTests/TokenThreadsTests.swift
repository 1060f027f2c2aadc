import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Trust

/// A token that is slow: nobody waits longer than the limit, and what comes late is put back.
@Suite(.timeLimit(.minutes(5)))
struct TokenThreadsTests {
    /// Holds calls back until it is opened.
    private final class Gate: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)

        func pass() {
            self.semaphore.wait()
            self.semaphore.signal()
        }

        func open() { self.semaphore.signal() }
    }

    /// Counted on any thread.
    private final class Count: Sendable {
        private let values = Mutex((now: 0, most: 0))

        var value: Int { self.values.withLock { $0.now } }
        var most: Int { self.values.withLock { $0.most } }

        func add(_ number: Int) {
            self.values.withLock { values in
                values.now += number
                values.most = max(values.most, values.now)
            }
        }
    }

    private func result<Value: Sendable>(
        _ threads: TokenThreads, late: @escaping @Sendable (Value) -> Void = { _ in },
        _ body: @escaping @Sendable () -> Value
    ) async -> Result<Value, TokenError> {
        await withCheckedContinuation { continuation in
            threads.start(body, late: late) { continuation.resume(returning: $0) }
        }
    }

    @Test func `a call that takes too long fails in time, and what it brings later is given back`() async throws {
        let threads = TokenThreads(count: 1, limit: .milliseconds(50))
        let gate = Gate()
        let (late, continuation) = AsyncStream<Int>.makeStream()
        let start = ContinuousClock.now
        let result = await self.result(threads, late: { continuation.yield($0) }) {
            gate.pass()
            return 7
        }
        #expect(throws: TokenError(.tooSlow)) { try result.get() }
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        gate.open()
        #expect(await late.first { _ in true } == 7)
    }

    @Test func `who waits for a turn behind a call that hangs fails in time, and is not begun any more`() async throws {
        let threads = TokenThreads(count: 2, limit: .milliseconds(50))
        let gate = Gate()
        let begun = Count()
        await withTaskGroup { group in
            for number in 0..<12 {
                group.addTask {
                    let result = await self.result(threads) {
                        begun.add(1)
                        gate.pass()
                        return number
                    }
                    #expect(throws: TokenError(.tooSlow)) { try result.get() }
                }
            }
        }
        // Not more than there are threads; fewer, when the machine did not start one within the limit.
        let count = begun.value
        #expect(count <= 2)
        gate.open()
        // When the token lets go, others have their turn again.
        #expect(try await self.eventually(threads) == 1)
        #expect(begun.value == count)
    }

    private func eventually(_ threads: TokenThreads) async throws -> Int {
        while true {
            if case .success(let value) = await self.result(threads, { 1 }) { return value }
        }
    }

    @Test func `so many calls run at once as there are sessions, and all have their turn`() async throws {
        let threads = TokenThreads(count: 3, limit: .seconds(60))
        let running = Count()
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let result = await self.result(threads) {
                        running.add(1)
                        usleep(500)
                        running.add(-1)
                        return number
                    }
                    return (try? result.get()) ?? 0
                }
            }
            return await group.reduce(0, +)
        }
        #expect(sum == 199 * 200 / 2)
        #expect((2...3).contains(running.most))
    }

    @Test func `more than can wait are refused at once`() async throws {
        let threads = TokenThreads(count: 1, limit: .seconds(60))
        let gate = Gate()
        let refused = Count()
        for _ in 0..<300 {
            threads.start({ gate.pass() }, late: { _ in }) { result in
                if case .failure(let error) = result, error == TokenError(.busy) {
                    refused.add(1)
                }
            }
        }
        #expect(refused.value == 300 - 256 - 1)
        gate.open()
    }

    @Test func `a thread that may wait gets the value, or the error in time`() throws {
        let threads = TokenThreads(count: 1, limit: .milliseconds(50))
        let gate = Gate()
        #expect(try threads.wait(for: { 3 }) == 3)
        #expect(throws: TokenError(.tooSlow)) { try threads.wait(for: { gate.pass() }) }
        gate.open()
    }
}
