internal import Foundation

/// How long a simulated base service thinks before it answers.
package enum SimulatedLatency: Sendable, Equatable {
    case fixed(Duration)
    case uniform(Duration, Duration)
    /// Log-normal: half of the answers come before the median, one in a hundred after the 99th percentile.
    case spread(median: Duration, p99: Duration)

    /// No answer is held longer than this, whatever the distribution says.
    static let longest = Duration.seconds(600)

    /// Reads `6s`, `50ms..200ms` or `80ms/900ms` (median and 99th percentile).
    init?(_ text: some StringProtocol) {
        if let range = text.range(of: "..") {
            guard let low = Duration(simulated: text[..<range.lowerBound]),
                let high = Duration(simulated: text[range.upperBound...]), low <= high
            else { return nil }
            self = .uniform(low, high)
        } else if let slash = text.firstIndex(of: "/") {
            guard let median = Duration(simulated: text[..<slash]), median > .zero,
                let p99 = Duration(simulated: text[text.index(after: slash)...]), p99 >= median
            else { return nil }
            self = .spread(median: median, p99: p99)
        } else {
            guard let duration = Duration(simulated: text) else { return nil }
            self = .fixed(duration)
        }
    }

    func drawn(from generator: inout SeededGenerator) -> Duration {
        switch self {
        case .fixed(let duration): return min(duration, Self.longest)
        case .uniform(let low, let high): return min(low + (high - low) * generator.unit(), Self.longest)
        case .spread(let median, let p99):
            // 2.3263 is the 99th percentile of the normal distribution; Box and Muller give a normal number.
            let sigma = log(p99 / median) / 2.3263
            let normal = (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
            return min(median * exp(sigma * normal), Self.longest)
        }
    }
}

extension Duration {
    /// Reads a number with the unit `ms` or `s`, such as `50ms` or `1.5s`.
    init?(simulated text: some StringProtocol) {
        let (number, factor): (Substring, Double) =
            if text.hasSuffix("ms") { (Substring(text.dropLast(2)), 1_000) } else if text.hasSuffix("s") {
                (Substring(text.dropLast()), 1_000_000)
            } else { ("", 0) }
        guard let value = Double(number), value >= 0, value * factor < 1e12 else { return nil }
        self = .microseconds(Int64(value * factor))
    }
}
