import Foundation

/// Texts of an answer that give it away: values that stand in few answers only.
package struct Fragments: Sendable {
    /// Shorter texts are found by chance.
    private static let shortest = 9
    private static let longest = 60
    /// In how many answers a text stands.
    private var seen: [String: Int] = [:]
    private var answers = 0

    package init() {}

    /// Takes the values of one answer: text of elements, strings of JSON, also inside base64.
    package mutating func add(_ answer: String) {
        self.answers += 1
        for text in Set(Self.values(of: answer)) { self.seen[text, default: 0] += 1 }
    }

    /// Values that one person's answer has and the others' have not, without dates and small numbers, which stand everywhere.
    package func rare(among limit: Int) -> [String] {
        Array(self.seen.filter { $0.value == 1 && Self.tells($0.key) }.keys.sorted().prefix(limit))
    }

    private static func values(of text: String) -> [String] {
        var values = self.between(text, open: ">", close: "<") + self.between(text, open: "\"", close: "\"")
        for value in values where value.utf8.count > self.longest {
            if let inner = Data(base64Encoded: value), let text = String(data: inner, encoding: .utf8) {
                values += self.values(of: text)
            }
        }
        return values.filter { (self.shortest...self.longest).contains($0.utf8.count) }
    }

    private static func between(_ text: String, open: Character, close: Character) -> [String] {
        var values: [String] = []
        var value: String?
        for character in text {
            if let current = value, character == close {
                values.append(current.trimmingCharacters(in: .whitespacesAndNewlines))
                value = nil
            } else if character == open {
                value = ""
            } else {
                value?.append(character)
            }
        }
        return values
    }

    /// Letters that are no time, identifier or code: a name, a street, a sentence.
    private static func tells(_ text: String) -> Bool {
        text.contains(" ") && text.filter(\.isLetter).count >= 6
    }
}
