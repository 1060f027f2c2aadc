import Foundation
import Revocation
import Trust

extension RevocationConfiguration {
    /// Keys below `revocation`; the reasons for the defaults stand in Config/gateway.yaml.
    init(_ settings: SettingsReader, folder: String, policy: TrustPolicy) {
        self.init()
        self.followsCertificates = settings.bool("revocation.followsCertificates", default: self.followsCertificates)
        self.lists = Self.places(settings, "revocation.lists")
        self.responders = Self.places(settings, "revocation.responders")
        self.pollInterval = settings.duration(
            "revocation.pollEvery", default: self.pollInterval, in: .seconds(1)...(.seconds(3_600)))
        self.answerInterval = settings.duration(
            "revocation.pollAnswersEvery", default: self.answerInterval, in: .seconds(1)...(.seconds(3_600)))
        self.unusedKept = settings.duration(
            "revocation.unusedKept", default: self.unusedKept, in: .seconds(2 * 86_400)...(.seconds(400 * 86_400)))
        self.longestInterval = settings.duration(
            "revocation.longestInterval", default: self.longestInterval, in: .seconds(10)...(.seconds(86_400)))
        self.fetchTimeout = settings.duration(
            "revocation.fetchTimeout", default: self.fetchTimeout, in: .seconds(1)...(.seconds(300)))
        self.connectTimeout = settings.duration(
            "revocation.connectTimeout", default: self.connectTimeout, in: .milliseconds(100)...(.seconds(60)))
        self.maximumListBytes = settings.int(
            "revocation.maximumListBytes", default: self.maximumListBytes, in: 1_024...(256 << 20))
        self.cheapListBytes = settings.int(
            "revocation.cheapListBytes", default: self.cheapListBytes, in: 0...(256 << 20))
        self.concurrentFetches = settings.int(
            "revocation.concurrentFetches", default: self.concurrentFetches, in: 1...64)
        self.folder = folder
        self.algorithms = policy.algorithms
        self.clockSkewAllowance = max(self.clockSkewAllowance, policy.clockSkewAllowance)
        self.grace = policy.revocationGrace
    }

    /// Entries of the form `<issuer's subject> <address>`; the address has no space.
    private static func places(_ settings: SettingsReader, _ key: String) -> [String: [String]] {
        var places: [String: [String]] = [:]
        for entry in settings.strings(key, default: []) {
            guard let space = entry.lastIndex(of: " ") else {
                settings.problem("\(key): an entry is the issuer's subject, a space, and an address")
                continue
            }
            places[entry[..<space].trimmingCharacters(in: .whitespaces), default: []]
                .append(String(entry[entry.index(after: space)...]))
        }
        return places
    }
}
