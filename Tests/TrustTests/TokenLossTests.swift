import Foundation
import GatewayTestSupport
import Synchronization
import Testing
import Trust

/// A token that goes away, and comes back, while the gateway runs.
@Suite(.timeLimit(.minutes(5)))
struct TokenLossTests {
    @Test(arguments: ["rsa", "ec"])
    func `a token that is gone makes signing fail, and when it is back signing works again`(name: String) async throws {
        let bench = try await TokenBench()
        let key = try bench.key(name)
        let scheme = try #require(key.schemes.last)
        _ = try key.signature(over: [1], scheme: scheme)
        #expect(bench.reported().isEmpty)

        try bench.token.take()
        let error = #expect(throws: TokenError.self) { try key.signature(over: [1], scheme: scheme) }
        #expect(error?.reason == .tokenAbsent)
        #expect(error?.mayPass == true)
        // Once, however often it is asked for.
        for _ in 0..<5 {
            bench.pass(.seconds(5))
            #expect(throws: TokenError.self) { try key.signature(over: [1], scheme: scheme) }
        }
        let lost = bench.reported()
        #expect(lost.count == 1)
        guard case .lost? = lost.first else {
            Issue.record("not reported as lost")
            return
        }

        try bench.token.bring()
        bench.pass(.seconds(5))
        let signature = try key.signature(over: exampleContent, scheme: scheme)
        #expect(try bench.accepts(signature, over: exampleContent, scheme: scheme, by: name))
        #expect(bench.reported() == [.back])
    }

    @Test func `between two looks for the token signing fails at once, and looks become rarer`() async throws {
        let bench = try await TokenBench()
        let key = try bench.key("ec")
        func fails() -> Bool { (try? key.signature(over: [1], scheme: .ecdsaP256SHA256)) == nil }
        try bench.token.take()
        #expect(fails())
        // Back already, but the next look is due a tenth of a second after the first.
        try bench.token.bring()
        #expect(fails())
        bench.pass(.milliseconds(99))
        #expect(fails())
        bench.pass(.milliseconds(1))
        #expect(!fails())

        try bench.token.take()
        for pause in [0, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000] {
            bench.pass(.milliseconds(pause))
            #expect(fails())
        }
        try bench.token.bring()
        bench.pass(.milliseconds(4_999))
        #expect(fails())
        bench.pass(.milliseconds(1))
        #expect(!fails())
    }

    @Test func `another token's key signs on meanwhile`() async throws {
        let bench = try await TokenBench()
        let other = try await TokenBench()
        let (key, steady) = (try bench.key("ec"), try other.key("ec"))
        try bench.token.take()
        for _ in 0..<5 {
            #expect(throws: TokenError.self) { try key.signature(over: [1], scheme: .ecdsaP256SHA256) }
            bench.pass(.seconds(5))
            let signature = try steady.signature(over: [1], scheme: .ecdsaP256SHA256)
            #expect(try other.accepts(signature, over: [1], scheme: .ecdsaP256SHA256, by: "ec"))
        }
        #expect(other.reported().isEmpty)
        try bench.token.bring()
    }

    @Test func `a token that comes after the first look is found`() async throws {
        let bench = try await TokenBench()
        try bench.token.take()
        let error = #expect(throws: TokenError.self) { try bench.key("rsa") }
        #expect(error?.reason == .tokenAbsent)
        try bench.token.bring()
        #expect(try bench.key("rsa").schemes.count == 6)
    }

    @Test func `a lost token is found by looking, without anybody who signs`() async throws {
        let bench = try await TokenBench()
        let key = try bench.key("ec")
        await key.lookIfLost()
        #expect(key.loss == nil)
        try bench.token.take()
        await #expect(throws: TokenError.self) { try await key.sign([1], scheme: .ecdsaP256SHA256) }
        #expect(key.loss?.reason == .tokenAbsent)
        try bench.token.bring()
        // Not before its time.
        await key.lookIfLost()
        #expect(key.loss?.reason == .tokenAbsent)
        bench.pass(.seconds(5))
        await key.lookIfLost()
        #expect(key.loss == nil)
        #expect(bench.reported().count == 2)
    }

    @Test func `a PIN that is wrong when the token comes back is tried once`() async throws {
        let bench = try await TokenBench()
        let file = try bench.write(pin: bench.token.pin)
        let key = try TokenKey(uri: bench.token.uri("ec") + "?pin-source=\(file)", access: bench.access(pin: nil))
        try bench.token.take()
        #expect(throws: TokenError.self) { try key.signature(over: [1], scheme: .ecdsaP256SHA256) }
        try bench.write(pin: "wrong-4711")
        try bench.token.bring()
        for _ in 0..<3 {
            bench.pass(.seconds(5))
            let error = #expect(throws: TokenError.self) { try key.signature(over: [1], scheme: .ecdsaP256SHA256) }
            #expect(error?.reason == .pinWrong)
            // What was answered waits for a person to set the PIN right, as it waits for a token that is out.
            #expect(error?.mayPass == true)
        }
        // Lost, and then lost for another reason.
        #expect(bench.reported().count == 2)
        try bench.write(pin: bench.token.pin)
        bench.pass(.seconds(5))
        #expect(try !key.signature(over: [1], scheme: .ecdsaP256SHA256).isEmpty)
        #expect(bench.reported() == [.back])
    }

    @Test func `many that sign while the token goes and comes get signatures or errors, and in the end signatures`()
        async throws
    {
        let bench = try await TokenBench()
        var access = bench.access
        access.now = { ContinuousClock.now }
        access.longestPause = .milliseconds(20)
        let key = try TokenKey(uri: bench.token.uri("ec"), access: access)
        let tally = Tally()
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    while !tally.isOver.load(ordering: .relaxed) {
                        if (try? key.signature(over: [1], scheme: .ecdsaP256SHA256)) == nil {
                            try await Task.sleep(for: .milliseconds(1))
                        } else {
                            tally.made.add(1, ordering: .relaxed)
                            // There are as many of us as threads: the one that moves the token has to run too.
                            await Task.yield()
                        }
                    }
                }
            }
            for _ in 0..<10 {
                try bench.token.take()
                try await Task.sleep(for: .milliseconds(5))
                try bench.token.bring()
                // It must come back by itself; the suite's time limit ends this otherwise.
                let before = tally.made.load(ordering: .relaxed)
                while tally.made.load(ordering: .relaxed) <= before + 8 { try await Task.sleep(for: .milliseconds(1)) }
            }
            tally.isOver.store(true, ordering: .relaxed)
            try await group.waitForAll()
        }
        let signature = try key.signature(over: [1], scheme: .ecdsaP256SHA256)
        #expect(try bench.accepts(signature, over: [1], scheme: .ecdsaP256SHA256, by: "ec"))
    }
}

/// What the signing tasks of a test have done, and whether they should stop.
private final class Tally: Sendable {
    let made = Atomic(0)
    let isOver = Atomic(false)
}
