import Gateway

extension AdmissionConfiguration {
    /// Keys: `limits.party.rate`, `.burst`, `.concurrency`, `limits.questionsInFlight`,
    /// `limits.leastQuestionsInFlight`, `lanes.automatedShare`.
    init(_ settings: SettingsReader) {
        self.init()
        let range = 1...1_000_000
        self.party.rate = settings.int("limits.party.rate", default: self.party.rate, in: range)
        self.party.burst = settings.int("limits.party.burst", default: self.party.burst, in: range)
        self.party.concurrency = settings.int("limits.party.concurrency", default: self.party.concurrency, in: range)
        self.questionsInFlight = settings.int(
            "limits.questionsInFlight", default: self.questionsInFlight, in: 10...1_000_000)
        self.leastQuestionsInFlight = settings.int(
            "limits.leastQuestionsInFlight", default: self.leastQuestionsInFlight, in: 10...1_000_000)
        self.automatedShare = settings.int("lanes.automatedShare", default: self.automatedShare, in: 1...100)
    }
}
