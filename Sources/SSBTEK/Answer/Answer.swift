/// A combined answer as its asker sees it.
package struct Answer: Sendable, Equatable, Redacted {
    /// As the question gave it.
    package let askedAt: String?
    /// As the question gave it.
    package let correlationID: String?
    /// Whether the question is repeated in it.
    package let hasEcho: Bool
    private let sections: [Provider: AnswerSection]

    init(askedAt: String?, correlationID: String?, hasEcho: Bool, sections: [Provider: AnswerSection]) {
        self.askedAt = askedAt
        self.correlationID = correlationID
        self.hasEcho = hasEcho
        self.sections = sections
    }

    /// What one base service said.
    ///
    /// The asker knows whether it asked: `notAsked` where it did is an answer gone missing.
    package subscript(provider: Provider) -> AnswerSection {
        self.sections[provider] ?? .notAsked
    }
}

/// What one base service said to the asker.
package enum AnswerSection: Sendable, Equatable {
    /// There is no section.
    case notAsked
    case data(Finding)
    case error(ProviderError)
}

/// Why a document is not a combined answer.
///
/// Carries nothing of it.
package enum AnswerFault: String, Error, Sendable {
    case malformed
    case againstContract = "against-contract"
}
