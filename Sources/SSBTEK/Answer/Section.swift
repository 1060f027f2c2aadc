/// What became of one base service's answer.
package struct Section: Sendable, Equatable {
    package let outcome: SectionOutcome
    /// Whether the answer was about somebody else, or to another question: the connection that it came on is out of
    /// step, and the outcome is `SSBT-3`.
    package let isAboutAnother: Bool

    package init(_ outcome: SectionOutcome) {
        self.outcome = outcome
        self.isAboutAnother = false
    }

    private init() {
        self.outcome = .error(.gateway(.answerAgainstContract))
        self.isAboutAnother = true
    }

    package static let aboutAnother = Section()

    /// An error of the base service's own; its sentences may quote a person.
    package init(_ error: ProviderError, to question: Question) {
        self =
            error.source == .bt && AnswerSubject.isAnother(error, than: question)
            ? .aboutAnother : Section(.error(error))
    }
}
