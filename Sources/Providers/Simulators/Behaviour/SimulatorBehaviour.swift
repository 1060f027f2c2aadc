package import SSBTEK

/// How a simulated base service behaves: how slow it is, how often it fails, and in which way.
///
/// Rates are from 0 to 1 and together at most 1. What happens to a question follows from the seed, the provider, the
/// person and how many times that person was asked about, so that a run can be repeated exactly.
package struct SimulatorBehaviour: Sendable, Equatable {
    package var latency: SimulatedLatency = .fixed(.zero)
    /// The provider's own fault, in its own form.
    package var errors = 0.0
    /// Something that is no answer, see ``garbageKind``.
    package var garbage = 0.0
    /// Never answers; the connection stays open.
    package var hang = 0.0
    /// The connection ends without an answer.
    package var reset = 0.0
    /// An answer of 12 MiB that does not say beforehand how large it is.
    package var oversize = 0.0
    /// The same answer twice on one connection, the second one after ``twiceAfter``, asked for by nobody.
    package var twice = 0.0
    package var twiceAfter = Duration.zero
    /// Nobody listens.
    package var isAway = false
    /// Which garbage; nil takes turns.
    package var garbageKind: SimulatedGarbage?
    /// Answers are filled up to this many bytes; 0 leaves them as they are.
    package var size = 0
    package var seed: UInt64 = 1
    /// Every question is answered with this HTTP status and nothing else, as a machine in front of the service does.
    package var status: Int?

    package init() {}

    /// The share of questions that do not get their plain answer.
    var failureRate: Double { self.errors + self.garbage + self.hang + self.reset + self.oversize + self.twice }

    /// Reads settings separated by commas: `latency=50ms..200ms,errors=0.1`.
    ///
    /// `latency=6s`, `latency=50ms..200ms`, `latency=80ms/900ms` (median/p99), `errors=0.1`, `garbage=1`,
    /// `garbage-kind=cut|wrong|html`, `hang=1`, `reset=0.05`, `oversize=1`, `twice=1`, `twice-after=30ms`, `size=200000`,
    /// `status=503`, `seed=42`, `away`.
    package init(parsing text: some StringProtocol) throws(SimulatorBehaviourError) {
        for setting in text.split(separator: ",") { try self.apply(setting) }
        guard self.failureRate <= 1.000_001 else {
            throw SimulatorBehaviourError(
                setting: "rates", rule: "errors, garbage, hang, reset, oversize and twice: together at most 1")
        }
    }

    /// Reads one text per provider or for all: `latency=20ms`, `CSN:latency=6s`, `FK:away`.
    ///
    /// What is set for one provider replaces, as a whole, what is set for all.
    package static func perProvider(_ texts: [String]) throws(SimulatorBehaviourError) -> [Provider: SimulatorBehaviour]
    {
        var common = SimulatorBehaviour()
        var own: [Provider: SimulatorBehaviour] = [:]
        for text in texts {
            guard let colon = text.firstIndex(of: ":") else {
                common = try SimulatorBehaviour(parsing: text)
                continue
            }
            guard let provider = Provider(rawValue: text[..<colon].uppercased()) else {
                throw SimulatorBehaviourError(
                    setting: String(text[..<colon]),
                    rule: "a provider: \(Provider.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            own[provider] = try SimulatorBehaviour(parsing: text[text.index(after: colon)...])
        }
        return Dictionary(uniqueKeysWithValues: Provider.allCases.map { ($0, own[$0] ?? common) })
    }

    private mutating func apply(_ setting: some StringProtocol) throws(SimulatorBehaviourError) {
        let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let (key, value) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        switch key {
        case "away" where value.isEmpty: self.isAway = true
        case "latency":
            self.latency = try Self.required(SimulatedLatency(value), key, "6s, 50ms..200ms or 80ms/900ms")
        case "errors": self.errors = try Self.rate(key, value)
        case "garbage": self.garbage = try Self.rate(key, value)
        case "garbage-kind":
            self.garbageKind = try Self.required(SimulatedGarbage(rawValue: value), key, "cut, wrong or html")
        case "hang": self.hang = try Self.rate(key, value)
        case "reset": self.reset = try Self.rate(key, value)
        case "oversize": self.oversize = try Self.rate(key, value)
        case "twice": self.twice = try Self.rate(key, value)
        case "twice-after":
            self.twiceAfter = try Self.required(Duration(simulated: value), key, "a time such as 30ms")
        case "size":
            let size = Int(value).flatMap { (0...64 << 20).contains($0) ? $0 : nil }
            self.size = try Self.required(size, key, "a number of bytes up to 64 MiB")
        case "status":
            self.status = try Self.required(
                Int(value).flatMap { (400...599).contains($0) ? $0 : nil }, key, "400 to 599")
        case "seed": self.seed = try Self.required(UInt64(value), key, "a whole number")
        default:
            throw SimulatorBehaviourError(
                setting: key,
                rule: "one of latency, errors, garbage, garbage-kind, hang, reset, oversize, twice, twice-after, size, "
                    + "status, seed, away")
        }
    }

    private static func rate(_ key: String, _ value: String) throws(SimulatorBehaviourError) -> Double {
        try Self.required(Double(value).flatMap { (0...1).contains($0) ? $0 : nil }, key, "a number from 0 to 1")
    }

    private static func required<Value>(
        _ value: Value?, _ key: String, _ rule: String
    ) throws(SimulatorBehaviourError) -> Value {
        guard let value else { throw SimulatorBehaviourError(setting: key, rule: rule) }
        return value
    }
}

/// A setting of a simulator that cannot be read, and what would be.
package struct SimulatorBehaviourError: Error, CustomStringConvertible {
    package let setting: String
    package let rule: String

    package var description: String { "\(self.setting) must be \(self.rule)" }
}

/// What a broken base service sends instead of an answer.
package enum SimulatedGarbage: String, CaseIterable, Sendable {
    /// The answer cut in the middle: not well-formed.
    case cut
    /// Well-formed, but not what the contract says.
    case wrong
    /// A web page from some machine in between.
    case html
}
