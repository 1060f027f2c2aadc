import Foundation
import Gateway
import Trust

/// Signs each reply with the reply key that is in force at that moment.
struct SnapshotSigner: MessageSigning {
    let trust: TrustHolder
    let clock: any GatewayClock

    func sign(_ content: [UInt8]) async throws -> [UInt8] {
        guard let signature = try await self.trust.current.sign(content, at: self.clock.now().seconds) else {
            throw NoReplyKey()
        }
        return signature
    }
}

/// The role has no reply key: it was composed wrongly.
private struct NoReplyKey: Error {}

/// The label's `datetime`: Swedish local time without a zone, `yyyy-MM-dd'T'HH:mm:ss` (wire page §1.3).
enum LocalDateTime {
    private static let zone = TimeZone(identifier: "Europe/Stockholm") ?? .gmt

    static func text(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = Self.zone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        func two(_ value: Int?) -> String {
            let text = String(value ?? 0)
            return text.count < 2 ? "0" + text : text
        }
        return "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day))"
            + "T\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
    }
}
