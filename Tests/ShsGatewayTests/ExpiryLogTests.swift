import Foundation
import GatewayFixtures
import Testing
import Trust

@testable import shs_gateway

/// When the log says that a certificate runs out.
struct ExpiryLogTests {
    private let day: Int64 = 86_400
    private let end: Int64 = 2_000_000_000
    /// Other tests log at the same time.
    private let mark = UUID().uuidString

    init() { _ = CapturedLog.shared }

    private func entry(_ kind: InventoryEntry.Kind = .server) throws -> InventoryEntry {
        let text = """
            {"kind":"\(kind.rawValue)","file":"f","subject":"CN=x","fingerprint":"\(self.mark)","notBefore":0,
            "notAfter":\(self.end)}
            """
        return try JSONDecoder().decode(InventoryEntry.self, from: Data(text.utf8))
    }

    private var told: [String] { CapturedLog.shared.text.filter { $0.contains(self.mark) } }

    private func told(_ log: inout ExpiryLog, at now: Int64, generation: Int = 1) throws -> Int {
        let before = self.told.count
        try log.look(at: [self.entry()], generation: generation, now: now)
        return self.told.count - before
    }

    @Test func `each threshold is told at its very second, and the end too`() throws {
        var log = ExpiryLog()
        #expect(try self.told(&log, at: self.end - 61 * self.day) == 0)
        for days in [60, 30, 14, 7, 1, 0].map(Int64.init) {
            #expect(try self.told(&log, at: self.end - days * self.day - 1) == 0, "\(days)")
            #expect(try self.told(&log, at: self.end - days * self.day) == 1, "\(days)")
            #expect(try self.told(&log, at: self.end - days * self.day + 1) == 0, "\(days)")
        }
        let lines = self.told
        #expect(lines.map { $0.hasPrefix("error") } == [false, false, false, true, true, true])
        #expect(lines.map { $0.contains("A certificate has run out") } == [false, false, false, false, false, true])
        #expect(lines[0].contains("certificate.days_left=60") && lines[0].contains("certificate.threshold=60"))
        #expect(lines[5].contains("certificate.days_left=0") && lines[5].contains("certificate.kind=server"))
    }

    @Test func `a new snapshot is looked at when it comes, and tells nothing twice`() throws {
        var log = ExpiryLog()
        #expect(try self.told(&log, at: self.end - 40 * self.day) == 1)
        #expect(try self.told(&log, at: self.end - 40 * self.day, generation: 2) == 0)
    }

    @Test func `a clock that is set back tells nothing anew`() throws {
        var log = ExpiryLog()
        #expect(try self.told(&log, at: self.end - 5 * self.day) == 1)
        #expect(try self.told(&log, at: self.end - 50 * self.day) == 0)
        #expect(try self.told(&log, at: self.end - 5 * self.day + 1) == 0)
    }

    @Test func `a revocation list is not told here: it is renewed without anybody`() throws {
        var log = ExpiryLog()
        try log.look(at: [self.entry(.revocationList)], generation: 1, now: self.end - 1)
        #expect(self.told == [])
    }
}
