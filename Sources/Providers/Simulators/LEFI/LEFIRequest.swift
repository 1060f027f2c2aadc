internal import Foundation

/// The body of a LEFI v9 question (`LefiExternFormansinformationFraga`), as the simulated Försäkringskassan reads it.
struct LEFIRequest: Sendable {
    /// Twelve digits: LEFI accepts ten as well, which are read as born in the 1900s.
    let digits: String
    let from: String
    let to: String
    /// Every information group that is asked for, with the class it is asked in.
    let groups: [(informationClass: String, code: String)]
    private let asked: [String: Set<String>]

    /// Nil unless the bytes are a JSON object with the required members.
    init?(_ bytes: [UInt8]) {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(bytes)) else { return nil }
        let classes: [(String, [String]?)] = [
            ("formansinformation", body.formansinformation), ("ansprak", body.ansprak), ("beslut", body.beslut),
            ("preliminaraUtbetalningar", body.preliminaraUtbetalningar), ("utbetalningar", body.utbetalningar),
            ("ovrigInformation", body.ovrigInformation),
        ]
        self.digits = body.personnummer.count == 10 ? "19" + body.personnummer : body.personnummer
        self.from = body.period.from
        self.to = body.period.tom
        self.groups = classes.flatMap { name, codes in (codes ?? []).map { (name, $0) } }
        self.asked = Dictionary(uniqueKeysWithValues: classes.map { ($0, Set($1 ?? [])) })
    }

    func asks(_ code: String, in informationClass: String) -> Bool {
        self.asked[informationClass]?.contains(code) ?? false
    }

    /// The JSON object with the names of LEFI.
    private struct Body: Decodable {
        struct Period: Decodable {
            let from: String
            let tom: String
        }

        let personnummer: String
        let period: Period
        let formansinformation: [String]?
        let ansprak: [String]?
        let beslut: [String]?
        let preliminaraUtbetalningar: [String]?
        let utbetalningar: [String]?
        let ovrigInformation: [String]?
    }
}
