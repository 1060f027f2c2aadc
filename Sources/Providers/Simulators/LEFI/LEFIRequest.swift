internal import Foundation

/// The body of a LEFI v9 question (`LefiExternFormansinformationFraga`), as the simulated Försäkringskassan reads it.
struct LEFIRequest: Decodable, Sendable {
    struct Period: Decodable, Sendable {
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

    /// Nil unless the bytes are a JSON object with the required members.
    init?(_ bytes: [UInt8]) {
        guard let request = try? JSONDecoder().decode(LEFIRequest.self, from: Data(bytes)) else { return nil }
        self = request
    }

    /// Every information group that is asked for, with the class it is asked in.
    var groups: [(informationClass: String, code: String)] {
        let classes: [(String, [String]?)] = [
            ("formansinformation", self.formansinformation), ("ansprak", self.ansprak), ("beslut", self.beslut),
            ("preliminaraUtbetalningar", self.preliminaraUtbetalningar), ("utbetalningar", self.utbetalningar),
            ("ovrigInformation", self.ovrigInformation),
        ]
        return classes.flatMap { name, codes in (codes ?? []).map { (name, $0) } }
    }

    func asks(_ code: String, in informationClass: String) -> Bool {
        self.groups.contains { $0.informationClass == informationClass && $0.code == code }
    }

    /// Twelve digits: LEFI accepts ten as well, which are read as born in the 1900s.
    var digits: String {
        self.personnummer.count == 10 ? "19" + self.personnummer : self.personnummer
    }
}
