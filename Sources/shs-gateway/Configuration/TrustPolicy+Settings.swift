import Foundation
import Trust

extension TrustPolicy {
    /// Keys below `trust`: `.checks.<check>`, `.clockSkew`, `.rsaBits`, `.digests`, `.curves`, `.maximumDepth`,
    /// `.policies`, `.explicitPolicy`, `.inhibitPolicyMapping`, `.inhibitAnyPolicy`, `.revocationGrace`.
    ///
    /// The reasons for the defaults stand in Config/gateway.yaml; all of them are the strict choice.
    init(_ settings: SettingsReader) {
        self.init()
        for check in TrustCheck.Kind.allCases where check.isConfigurable {
            let key = "trust.checks.\(check.settingName)"
            self.set(settings.choice(key, default: self.disposition(of: check)), for: check)
        }
        self.clockSkewAllowance = settings.seconds("trust.clockSkew", default: self.clockSkewAllowance, to: 3_600)
        self.revocationGrace = settings.seconds("trust.revocationGrace", default: self.revocationGrace, to: 7 * 86_400)
        self.readAlgorithms(settings)
        self.maximumDepth = settings.int("trust.maximumDepth", default: self.maximumDepth, in: 1...32)
        self.initialPolicies = settings.strings("trust.policies", default: self.initialPolicies)
        if self.initialPolicies.isEmpty { settings.problem("trust.policies: an empty list accepts no policy at all") }
        for policy in self.initialPolicies where !Self.isObjectIdentifier(policy) {
            settings.problem("trust.policies: \(policy) is not a dotted object identifier")
        }
        self.requiresExplicitPolicy = settings.bool("trust.explicitPolicy", default: self.requiresExplicitPolicy)
        self.inhibitsPolicyMapping = settings.bool("trust.inhibitPolicyMapping", default: self.inhibitsPolicyMapping)
        self.inhibitsAnyPolicy = settings.bool("trust.inhibitAnyPolicy", default: self.inhibitsAnyPolicy)
    }

    private mutating func readAlgorithms(_ settings: SettingsReader) {
        self.algorithms.minimumRSABits = settings.int(
            "trust.rsaBits", default: self.algorithms.minimumRSABits, in: 2_048...16_384)
        self.algorithms.digests = settings.choices("trust.digests", default: self.algorithms.digests)
        self.algorithms.curves = settings.choices("trust.curves", default: self.algorithms.curves)
    }

    /// Numbers with dots between them; the first is 0, 1 or 2 (X.660).
    private static func isObjectIdentifier(_ text: String) -> Bool {
        let arcs = text.split(separator: ".", omittingEmptySubsequences: false)
        return arcs.count >= 2 && ["0", "1", "2"].contains(arcs[0])
            && arcs.allSatisfy { arc in
                !arc.isEmpty && arc.count <= 38 && arc.allSatisfy { $0.isASCII && $0.isNumber }
                    && (arc.count == 1 || arc.first != "0")
            }
    }
}

extension TrustCheck.Kind {
    /// Its name among the settings, which are in camel case.
    fileprivate var settingName: String {
        let words = self.rawValue.split(separator: "-")
        return words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined()
    }
}

extension SettingsReader {
    /// Whole seconds, from none to `limit`.
    fileprivate func seconds(_ key: String, default fallback: Int64, to limit: Int64) -> Int64 {
        let value = self.duration(key, default: .seconds(fallback), in: .zero...(.seconds(limit)))
        if value.components.attoseconds != 0 { self.problem("\(key): whole seconds are wanted") }
        return value.components.seconds
    }

    /// Some of a closed set of words.
    fileprivate func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable>(
        _ key: String, default fallback: Set<Choice>
    ) -> Set<Choice> {
        let words = self.strings(key, default: fallback.map(\.rawValue).sorted())
        let choices = words.compactMap(Choice.init)
        guard choices.count == words.count, !choices.isEmpty else {
            self.problem("\(key): only \(Choice.allCases.map(\.rawValue).joined(separator: ", ")) can stand here")
            return fallback
        }
        return Set(choices)
    }
}
