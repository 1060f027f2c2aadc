import Gateway
import Logging
import Metrics
import Observability
import Providers
import SSBTEK
import Synchronization

/// Which base services this process does not ask at the moment: told by their clients, said in log, metrics and `status`.
final class HeldProviders: Sendable {
    private let states = Mutex<[Provider: CircuitBreaker.State]>([:])

    /// `open` or `half-open` by abbreviation; nil when all are asked.
    var current: [String: String]? {
        let states = self.states.withLock { $0 }
        guard !states.isEmpty else { return nil }
        return Dictionary(uniqueKeysWithValues: states.map { ($0.key.rawValue, $0.value.rawValue) })
    }

    /// What a provider's client tells.
    func note(_ event: BaseServiceClient.Event, of provider: Provider) {
        let dimension = (MetricNames.Dimension.provider, provider.rawValue)
        switch event {
        case .retry:
            Counter(label: MetricNames.retries, dimensions: [dimension]).increment()
        case .answerAboutAnother:
            Logger.gateway.error(
                "A base service answered about somebody else",
                metadata: [
                    LogKeys.provider: .string(provider.rawValue),
                    LogKeys.errorCode: .string(GatewayErrorCode.answerAgainstContract.rawValue),
                ])
        case .breaker(let state):
            self.states.withLock { $0[provider] = state == .closed ? nil : state }
            Gauge(label: MetricNames.breaker, dimensions: [dimension]).record(state.level)
            Counter(
                label: MetricNames.breakerChanges,
                dimensions: [dimension, (MetricNames.Dimension.state, state.rawValue)]
            ).increment()
            Logger.gateway.log(
                level: state == .open ? .warning : .notice, "A circuit breaker changed",
                metadata: [LogKeys.provider: .string(provider.rawValue), LogKeys.breaker: .string(state.rawValue)])
        }
    }
}

extension CircuitBreaker.State {
    /// As ``MetricNames/breaker`` has it.
    fileprivate var level: Int {
        switch self {
        case .closed: 0
        case .halfOpen: 1
        case .open: 2
        }
    }
}
