import Foundation

/// The parties that ask together, in a process of their own: see ``CrowdProcess``.
///
/// For each measurement one line with a plan is read and, when everything for it is prepared, the process's number is
/// written; then one line with the moment of the start is read, and the result is written.
struct Crowd {
    /// What all of them do in one measurement.
    struct Plan: Codable {
        /// Requests a second of each party.
        let rate: Double
        /// Before each party's first request.
        let delays: [Duration]
        let leadIn: Duration
        let time: Duration
        /// Requests of each party that may be accepted.
        let accepted: Int
    }

    let parties: [PartyLoad]

    func run() async throws {
        Self.giveWay()
        while let plan = try Self.read(Plan.self) {
            if plan.rate > 0 { for party in self.parties { try party.prepare(plan.accepted) } }
            say("\(ProcessInfo.processInfo.processIdentifier)")
            guard let start = try Self.read(ContinuousClock.Instant.self) else { break }
            let result = await withTaskGroup(of: PartyResult.self) { group in
                for (party, delay) in zip(self.parties, plan.delays) where plan.rate > 0 {
                    let schedule = PartyLoad.Schedule(
                        rate: plan.rate, delay: delay, leadIn: plan.leadIn, time: plan.time)
                    group.addTask { await party.run(schedule, from: start) }
                }
                return await group.reduce(into: PartyResult()) { $0.merge($1) }
            }
            say(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
        }
        for party in self.parties { await party.shutdown() }
    }

    /// Nil at the end.
    private static func read<Value: Decodable>(_ type: Value.Type) throws -> Value? {
        try readLine().map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
    }

    /// Where the kernel shares the processors between sessions first (sched(7), autogroups), a process's own nice value says
    /// nothing to other sessions.
    private static func giveWay() {
        // Fails where there are no autogroups, and then the nice value is enough.
        guard let file = FileHandle(forWritingAtPath: "/proc/self/autogroup") else { return }
        try? file.write(contentsOf: Data("19".utf8))
        try? file.close()
    }
}
