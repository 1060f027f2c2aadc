import Foundation
import Gateway
import Providers
import SSBTEK

extension ProviderConfiguration {
    /// One provider's settings; nil when it has no address.
    ///
    /// Keys below `providers.<provider>`: `.url`, `.form`, `.soap`, `.soapAction`, `.concurrency`, `.connectTimeout`,
    /// `.idleTimeout`, `.reuseConnections`, `.maximumResponseBytes`, `.breaker.*`, `.retry.*`, and `.actor` for FK.
    init?(_ provider: Provider, _ settings: SettingsReader) {
        let scope = "providers.\(provider.rawValue)"
        let url = settings.optionalString("\(scope).url")
        self.init(provider, url: url ?? "https://unset.invalid/")
        self.form = settings.choice("\(scope).form", default: self.form)
        self.usesSOAP = settings.bool("\(scope).soap", default: self.usesSOAP)
        self.soapAction = settings.string("\(scope).soapAction", default: self.soapAction)
        self.concurrency = settings.int("\(scope).concurrency", default: self.concurrency, in: 1...1_000)
        self.connectTimeout = settings.duration(
            "\(scope).connectTimeout", default: self.connectTimeout, in: .milliseconds(10)...(.seconds(60)))
        self.idleTimeout = settings.duration(
            "\(scope).idleTimeout", default: self.idleTimeout, in: .seconds(1)...(.seconds(3_600)))
        self.reusesConnections = settings.bool("\(scope).reuseConnections", default: self.reusesConnections)
        self.maximumResponseBytes = settings.int(
            "\(scope).maximumResponseBytes", default: self.maximumResponseBytes, in: 1_024...(64 << 20))
        self.breaker.read("\(scope).breaker", settings)
        self.retry.read("\(scope).retry", settings)
        if provider == .fk {
            self.lefi = LEFISettings(actorID: settings.string("\(scope).actor", default: self.lefi.actorID))
        }
        guard url != nil else { return nil }
        for problem in self.problems { settings.problem("\(scope).\(problem)") }
    }
}

extension ProviderConfiguration {
    /// The host that the server's certificate must be for.
    var host: String { URLComponents(string: self.url)?.host ?? "" }
}

extension BreakerConfiguration {
    /// Keys: `.failures`, `.share`, `.window`, `.openFor`, `.probes`, `.patience`.
    fileprivate mutating func read(_ scope: String, _ settings: SettingsReader) {
        self.failures = settings.int("\(scope).failures", default: self.failures, in: 1...100_000)
        self.share = settings.int("\(scope).share", default: self.share, in: 1...100)
        self.window = settings.duration("\(scope).window", default: self.window, in: .seconds(1)...(.seconds(3_600)))
        self.openFor = settings.duration(
            "\(scope).openFor", default: self.openFor, in: .milliseconds(100)...(.seconds(600)))
        self.probes = settings.int("\(scope).probes", default: self.probes, in: 1...100)
        self.patience = settings.duration("\(scope).patience", default: self.patience, in: .zero...(.seconds(60)))
    }
}

extension RetryConfiguration {
    /// Keys: `.attempts`, `.pause`, `.minimumTime`.
    fileprivate mutating func read(_ scope: String, _ settings: SettingsReader) {
        self.attempts = settings.int("\(scope).attempts", default: self.attempts, in: 1...5)
        self.pause = settings.duration("\(scope).pause", default: self.pause, in: .zero...(.seconds(5)))
        self.minimumTime = settings.duration(
            "\(scope).minimumTime", default: self.minimumTime, in: .milliseconds(10)...(.seconds(60)))
    }
}
