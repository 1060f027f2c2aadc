import SSBTEK

/// The combined answer for a reader: a row per person, a column per provider, then the errors' reasons.
struct AnswerTable {
    /// One person's row.
    struct Row {
        let person: String
        let answer: SSBTEK.Answer
    }

    let rows: [Row]

    func text() -> String {
        let width = 11
        func cell(_ text: String) -> String { text.padding(to: width) }
        var lines = [cell("person").padding(to: 15) + Provider.allCases.map { cell($0.rawValue) }.joined()]
        lines.append(String(repeating: "-", count: 15 + width * Provider.allCases.count))
        for row in self.rows {
            let cells = Provider.allCases.map { cell(Self.short(row.answer[$0])) }
            lines.append(row.person.padding(to: 15) + cells.joined())
        }
        let reasons = self.reasons()
        if !reasons.isEmpty { lines += [""] + reasons }
        return lines.joined(separator: "\n")
    }

    private func reasons() -> [String] {
        self.rows.flatMap { row in
            Provider.allCases.compactMap { provider -> String? in
                switch row.answer[provider] {
                case .error(let error):
                    "\(row.person) \(provider.rawValue): \(error.source.rawValue) \(error.code): "
                        + error.messages.joined(separator: " ")
                case .data(.refused(let code)): "\(row.person) \(provider.rawValue): answered with its own code \(code)"
                case .data(.incomplete):
                    "\(row.person) \(provider.rawValue): a part behind this provider did not answer"
                case .data, .notAsked: nil
                }
            }
        }
    }

    static func short(_ section: AnswerSection) -> String {
        switch section {
        case .notAsked: "not asked"
        case .data(.hits): "data"
        case .data(.noHits): "no hits"
        case .data(.incomplete): "partly"
        case .data(.refused): "refused"
        case .error(let error): error.loggableCode == error.code ? "E \(error.code)" : "error"
        }
    }
}

extension String {
    /// Filled with blanks on the right, never cut below what is needed to tell columns apart.
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(1, width - self.count))
    }
}
