import Audit
import Foundation
import Gateway
import Glibc
import Testing

/// What the end of a process, or of the room on the disk, does to the record: in processes of their own.
@Suite(.timeLimit(.minutes(5))) struct CrashTests {
    /// Known to a child as well: it is the parent that it has.
    private static func folder(of process: pid_t) -> String {
        FileManager.default.temporaryDirectory.path + "/audit-crash-\(process)"
    }

    private static func configuration(of process: pid_t) -> RecordConfiguration {
        var configuration = RecordConfiguration()
        configuration.directory = Self.folder(of: process)
        return configuration
    }

    @Test func `kill -9 in the middle of writing leaves neither a gap nor a torn line`() async throws {
        let configuration = Self.configuration(of: getpid())
        defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
        let rounds = 25
        for _ in 0..<rounds {
            await #expect(processExitsWith: .signal(SIGKILL)) {
                let configuration = CrashTests.configuration(of: getppid())
                let keeper = try RecordKeeper(
                    configuration, role: "ingress", signer: SeedKey(seed: 1), clock: SystemClock())
                _ = try keeper.sweep()
                Thread.detachNewThread {
                    usleep(.random(in: 500...30_000))
                    kill(getpid(), SIGKILL)
                }
                while true { try keeper.keep(AuditScene.accepted("t")) }
            }
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: configuration.directory + "/ingress")
            .filter { $0.hasSuffix(".jsonl") && $0 != "ledger.jsonl" }
        #expect(files.count == rounds)
        var report = try RecordVerifier.verify(configuration, seals: SeedKey(seed: 1), at: SystemClock().now())
        #expect(report.findings == [])
        #expect(report.seals == rounds - 1)
        #expect(report.entries > rounds * 10)
        let last = try RecordKeeper(configuration, role: "ingress", signer: SeedKey(seed: 1), clock: SystemClock())
        #expect(try last.sweep().sealed.count == 1)
        try last.close()
        for file in files {
            let bytes = FileManager.default.contents(atPath: "\(configuration.directory)/ingress/\(file)")
            #expect(bytes?.last == UInt8(ascii: "\n"), "\(file)")
        }
        report = try RecordVerifier.verify(configuration, seals: SeedKey(seed: 1), at: SystemClock().now())
        #expect(report.findings == [])
    }

    @Test func `a full disk refuses entries, tears none, and afterwards the record says how many`() async {
        await #expect(processExitsWith: .success) {
            let scene = try AuditScene()
            let keeper = try scene.keeper()
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4_000, rlim_max: rlim_t(bitPattern: -1))
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var kept = 0
            while (try? keeper.keep(AuditScene.event(kept))) != nil { kept += 1 }
            try #require(kept > 5)
            try #require(!keeper.isAvailable)
            try #require((try? keeper.keep(AuditScene.event(0))) == nil)
            try #require((try? keeper.synchronise()) == nil)
            limit.rlim_cur = limit.rlim_max
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            // What looks after the record finds out by itself that there is room again.
            try keeper.synchronise()
            try #require(keeper.isAvailable)
            try keeper.keep(AuditScene.event(1))
            try keeper.close()
            let report = try scene.verify()
            try #require(report.findings == [] && report.remarks == [])
            // The one that the keeper makes itself, the note of two that were refused, and the last.
            try #require(report.entries == kept + 3)
            let text = String(decoding: try AuditScene.bytes(try scene.segments()[0]), as: UTF8.self)
            try #require(text.contains(#""kind":"record-unavailable","count":2"#))
        }
    }
}
