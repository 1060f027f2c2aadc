/// What LEFI's JSON says: who of Försäkringskassan and Pensionsmyndigheten answered, and whether anything was found.
enum LEFIFinding {
    /// Where information stands; `utlamnare` and `avvikelser` tell about the answer instead.
    private static let groups = [
        "formansinformation", "ansprak", "beslut", "preliminaraUtbetalningar", "utbetalningar", "ovrigInformation",
    ]

    static func read(_ document: [UInt8]) -> Finding {
        guard let answer = JSONReader.read(document, refusingRepeatedNames: false), case .object = answer else {
            return .refused(code: "oläsligt")
        }
        let hits = self.groups.contains { answer[$0].map { !$0.isVoid } ?? false }
        let allAnswered = (answer["utlamnare"]?.elements ?? []).allSatisfy { $0["tillstand"]?["kod"]?.string == "OK" }
        // One group that failed or was not permitted.
        let deviates = answer["avvikelser"].map { !$0.isVoid } ?? false
        return allAnswered && !deviates ? (hits ? .hits : .noHits) : .incomplete(hits: hits)
    }
}
