import Foundation
import Gateway
import Providers
import SSBTEK

extension ProviderConfiguration {
    /// One provider's settings; nil when it has no address.
    ///
    /// Keys below `providers.<provider>`: `.url`, `.form`, `.soap`, `.soapAction`, `.concurrency`, `.connectTimeout`,
    /// `.idleTimeout`, `.maximumResponseBytes`, and `.actor` for FK.
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
        self.maximumResponseBytes = settings.int(
            "\(scope).maximumResponseBytes", default: self.maximumResponseBytes, in: 1_024...(64 << 20))
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
