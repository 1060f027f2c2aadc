import GatewayFixtures
import SHS
import Testing

@testable import Gateway

@Suite struct TransactionRecordTests {
    @Test(arguments: [
        ("0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01", true), ("0D0F6A3E-6C38-4C0A-9C5E-0C7E5B1F2A01", true), ("", false),
        ("0d0f6a3e6c384c0a9c5e0c7e5b1f2a01", false), ("0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a0", false),
        ("0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a012", false), ("0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a0g", false),
        ("-d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01", false), ("0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2aå", false),
        ("Anna-Andersson-198503119813-ärende-42", false),
    ])
    func `only what looks like a UUID is fit for a log`(_ text: String, _ expected: Bool) {
        #expect(TransactionRecord.isUUID(text) == expected)
    }

    @Test func `a tx-id that is not a UUID is left out, everything else is there`() {
        let log = CapturedLog.shared
        var record = TransactionRecord()
        record.transaction = TransactionID("recorded-1")
        record.party = "2120002411"
        record.txID = "198503119813"
        record.questions = 3
        record.isRepeat = true
        record.ended(.refused(.noReplyInTime), after: .milliseconds(1_234))
        let line = log.text.first { $0.contains("recorded-1") } ?? ""
        #expect(line.hasPrefix("notice A transaction ended"))
        #expect(line.contains("shs.party=2120002411"))
        #expect(line.contains("error.code=no-reply-in-time"))
        #expect(line.contains("duration_ms=1234"))
        #expect(line.contains("outcome=refused"))
        #expect(line.contains("repeat=yes"))
        #expect(line.contains("shs.questions=3"))
        #expect(!line.contains("shs.txid"))
        #expect(!line.contains("198503119813"))
    }

    @Test(arguments: [(0, "complete"), (1, "partial")])
    func `a reply is complete when no section is an error`(_ errors: Int, _ outcome: String) {
        let log = CapturedLog.shared
        var record = TransactionRecord()
        record.transaction = TransactionID("recorded-\(outcome)")
        record.txID = "0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01"
        record.ended(.reply([1], SectionCount(data: 6, errors: errors)), after: .zero)
        let line = log.text.first { $0.contains("recorded-\(outcome)") } ?? ""
        #expect(line.contains("outcome=\(outcome)"))
        #expect(line.contains("sections.data=6"))
        #expect(line.contains("sections.error=\(errors)"))
        #expect(line.contains("shs.txid=0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01"))
    }

    @Test func `a refusal keeps the reason and the checks, and nothing of the certificate`() {
        let log = CapturedLog.shared
        var record = TransactionRecord()
        record.transaction = TransactionID("recorded-verdict")
        record.verdict = VerdictSummary(reason: "revoked", failed: ["revocation", "usage"], warned: ["validity"])
        record.ended(.refused(.certificateRevoked), after: .zero)
        let line = log.text.first { $0.contains("recorded-verdict") } ?? ""
        #expect(line.contains("trust.reason=revoked"))
        #expect(line.contains("trust.failed=revocation usage"))
        #expect(line.contains("trust.warned=validity"))
    }

    @Test func `an accepted message says what was only warned of, and else nothing about trust`() {
        let log = CapturedLog.shared
        for warned in [["policies"], []] {
            var record = TransactionRecord()
            record.transaction = TransactionID("recorded-accepted-\(warned.count)")
            record.verdict = VerdictSummary(reason: nil, warned: warned)
            record.ended(.reply([1], SectionCount(data: 1)), after: .zero)
        }
        let warned = log.text.first { $0.contains("recorded-accepted-1") } ?? ""
        #expect(warned.contains("trust.warned=policies"))
        #expect(!warned.contains("trust.reason"))
        let clean = log.text.first { $0.contains("recorded-accepted-0") } ?? ""
        #expect(clean.contains("A transaction ended"))
        #expect(!clean.contains("trust."))
    }
}
