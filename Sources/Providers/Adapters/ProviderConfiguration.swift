internal import Foundation
package import SSBTEK

/// How one base service is reached and how its answers are read.
///
/// Host names are always verified; there is no setting for that.
package struct ProviderConfiguration: Sendable, Equatable {
    package let provider: Provider
    /// `https` address; Försäkringskassan's is LEFI's root, to which the path of the question is added.
    package let url: String
    /// How an answer becomes a section.
    package var form: SectionForm
    /// Whether question and answer are SOAP 1.1 messages.
    package var usesSOAP = false
    /// The value of `SOAPAction` when SOAP is used, without quotation marks.
    package var soapAction = ""
    /// Questions, and therefore connections, at the same time: with a base service that takes 6 s, 20 questions a second.
    package var concurrency = 128
    /// Connecting with handshake; the time that is left for the question also bounds it.
    package var connectTimeout: Duration = .seconds(2)
    /// How long an unused connection is kept; shorter than the base service keeps it.
    package var idleTimeout: Duration = .seconds(30)
    /// Whether a connection carries more than one question; false is a handshake for each.
    ///
    /// For a base service that may answer late or twice, and whose answers do not say whom they are about.
    package var reusesConnections = true
    /// An answer's body larger than this is refused, in bytes.
    package var maximumResponseBytes = 2 << 20
    /// What Försäkringskassan is asked when the asker leaves that to the gateway.
    package var lefi = LEFISettings(actorID: "ssbtek")
    /// A base service's error codes that are given to the asker under another name.
    package var errorCodes: [String: String] = [:]
    /// When it is no longer asked for a while.
    package var breaker = BreakerConfiguration()
    /// When a question is put again.
    package var retry = RetryConfiguration()

    package init(_ provider: Provider, url: String) {
        self.provider = provider
        self.url = url
        self.form = provider.sectionForms[0]
        // Its answers name nobody: one that came twice could not be told from the next person's.
        self.reusesConnections = provider != .tns
    }

    /// The address with a path after it, and one slash between them.
    func url(with path: String?) -> String {
        guard let path else { return self.url }
        return (self.url.hasSuffix("/") ? String(self.url.dropLast()) : self.url) + path
    }

    /// What is wrong with the values, each in a sentence that begins with the setting's name; empty when all is well.
    package var problems: [String] {
        var problems: [String] = []
        let parts = URLComponents(string: self.url)
        if parts?.scheme != "https" || parts?.host?.isEmpty != false || parts?.query != nil || parts?.fragment != nil
            || parts?.user != nil
        {
            problems.append("url must be an https address with a host and without user, query and fragment")
        }
        if !self.provider.sectionForms.contains(self.form) {
            let forms = self.provider.sectionForms.map(\.rawValue).joined(separator: " or ")
            problems.append("form must be \(forms) for \(self.provider.rawValue)")
        }
        if self.provider == .fk, self.usesSOAP { problems.append("soap must be off for FK, which is asked in JSON") }
        if !self.soapAction.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") }) {
            problems.append("soapAction must be printable ASCII without quotation marks")
        }
        if !(1...1_000).contains(self.concurrency) { problems.append("concurrency must be from 1 to 1000") }
        if !(Duration.milliseconds(10)...Duration.seconds(60)).contains(self.connectTimeout) {
            problems.append("connectTimeout must be from 10ms to 60s")
        }
        if !(Duration.seconds(1)...Duration.seconds(3_600)).contains(self.idleTimeout) {
            problems.append("idleTimeout must be from 1s to 1h")
        }
        if !(1_024...64 << 20).contains(self.maximumResponseBytes) {
            problems.append("maximumResponseBytes must be from 1024 to 67108864")
        }
        return problems + self.breaker.problems + self.retry.problems
    }
}

extension BreakerConfiguration {
    /// As ``ProviderConfiguration/problems``.
    fileprivate var problems: [String] {
        var problems: [String] = []
        if !(1...100_000).contains(self.failures) { problems.append("breaker.failures must be from 1 to 100000") }
        if !(1...100).contains(self.share) { problems.append("breaker.share must be from 1 to 100") }
        if !(Duration.seconds(1)...Duration.seconds(3_600)).contains(self.window) {
            problems.append("breaker.window must be from 1s to 1h")
        }
        if !(Duration.milliseconds(100)...Duration.seconds(600)).contains(self.openFor) {
            problems.append("breaker.openFor must be from 100ms to 10m")
        }
        if !(1...100).contains(self.probes) { problems.append("breaker.probes must be from 1 to 100") }
        if !(Duration.zero...Duration.seconds(60)).contains(self.patience) {
            problems.append("breaker.patience must be from 0s to 60s")
        }
        return problems
    }
}

extension RetryConfiguration {
    /// As ``ProviderConfiguration/problems``.
    fileprivate var problems: [String] {
        var problems: [String] = []
        if !(1...5).contains(self.attempts) { problems.append("retry.attempts must be from 1 to 5") }
        if !(Duration.zero...Duration.seconds(5)).contains(self.pause) {
            problems.append("retry.pause must be from 0s to 5s")
        }
        if !(Duration.milliseconds(10)...Duration.seconds(60)).contains(self.minimumTime) {
            problems.append("retry.minimumTime must be from 10ms to 60s")
        }
        return problems
    }
}
