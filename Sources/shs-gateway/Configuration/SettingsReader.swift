import Configuration
import Observability

/// Reads settings by key with their defaults and ranges, and remembers every one of them.
///
/// Providers are asked in order of precedence: environment (`SHS_…`), secrets folder, file. All problems are gathered, so
/// that one `config check` shows all of them; a value that cannot be read is never silently replaced by the default.
final class SettingsReader {
    /// A key as it is in effect.
    struct Effective {
        let key: String
        let value: String
        /// The provider it came from, or `default`.
        let source: String
    }

    private let providers: [any ConfigProvider]
    private(set) var effective: [Effective] = []
    private(set) var problems: [String] = []

    init(providers: [any ConfigProvider]) {
        self.providers = providers
    }

    /// Every key that was asked for, also one whose value could not be used.
    private(set) var keys: Set<String> = []

    func string(_ key: String, default fallback: String) -> String {
        self.value(key, .string, default: fallback, shown: { $0 }) { content in
            if case .string(let text) = content { text } else { nil }
        }
    }

    /// A string that may be left out; empty counts as left out.
    func optionalString(_ key: String) -> String? {
        let text = self.string(key, default: "")
        return text.isEmpty ? nil : text
    }

    func secret(_ key: String, default fallback: String = "") -> Secret {
        let fallback = Secret(fallback)
        return self.value(key, .string, default: fallback, shown: { $0.description }) { content in
            if case .string(let text) = content { Secret(text) } else { nil }
        }
    }

    func strings(_ key: String, default fallback: [String]) -> [String] {
        self.value(key, .stringArray, default: fallback, shown: { $0.joined(separator: ", ") }) { content in
            if case .stringArray(let list) = content { list } else { nil }
        }
    }

    func bool(_ key: String, default fallback: Bool) -> Bool {
        self.value(key, .bool, default: fallback, shown: { String($0) }) { content in
            if case .bool(let value) = content { value } else { nil }
        }
    }

    func int(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        let value = self.value(key, .int, default: fallback, shown: { String($0) }) { content in
            if case .int(let value) = content { value } else { nil }
        }
        guard range.contains(value) else {
            self.problems.append("\(key): \(value) is not between \(range.lowerBound) and \(range.upperBound)")
            return fallback
        }
        return value
    }

    /// A time such as `7s`, `400ms`, `15m` or `2h`.
    func duration(_ key: String, default fallback: Duration, in range: ClosedRange<Duration>) -> Duration {
        let value = self.value(key, .string, default: fallback, shown: DurationText.text) { content in
            if case .string(let text) = content { DurationText.parse(text) } else { nil }
        }
        guard range.contains(value) else {
            self.problems.append(
                "\(key): \(DurationText.text(value)) is not between \(DurationText.text(range.lowerBound)) and "
                    + DurationText.text(range.upperBound))
            return fallback
        }
        return value
    }

    /// One of a closed set of words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, default fallback: Choice) -> Choice {
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return self.value(key, .string, default: fallback, hint: "it is one of \(words)", shown: { $0.rawValue }) {
            content in
            if case .string(let text) = content { Choice(rawValue: text) } else { nil }
        }
    }

    func problem(_ text: String) { self.problems.append(text) }

    private func value<Value>(
        _ key: String,
        _ type: ConfigType,
        default fallback: Value,
        hint: String = "",
        shown: (Value) -> String,
        _ convert: (ConfigContent) -> Value?
    ) -> Value {
        self.keys.insert(key)
        let components = key.split(separator: ".").map(String.init)
        for provider in self.providers {
            do {
                let found = try provider.value(forKey: AbsoluteConfigKey(components), type: type)
                guard let content = found.value?.content else { continue }
                guard let value = convert(content) else {
                    let hint = hint.isEmpty ? "" : "; \(hint)"
                    self.problems.append("\(key): the value from \(Self.name(of: provider)) is not usable\(hint)")
                    return fallback
                }
                self.effective.append(Effective(key: key, value: shown(value), source: Self.name(of: provider)))
                return value
            } catch {
                self.problems.append(
                    "\(key): the value from \(Self.name(of: provider)) is not of type \(type.rawValue)")
                return fallback
            }
        }
        self.effective.append(Effective(key: key, value: shown(fallback), source: "default"))
        return fallback
    }

    private static func name(of provider: any ConfigProvider) -> String {
        if provider.providerName.contains("Environment") { return "environment" }
        if provider.providerName.contains("Directory") { return "secrets folder" }
        return "file"
    }
}
