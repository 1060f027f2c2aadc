/// How many questions may be in flight, learnt from what comes of them.
///
/// More than a system can answer in time is answered late, all of it: then each question that is let in takes the place of one
/// that could have been answered. So when replies come too late, no more is let in than was answered in time lately; and
/// when they come in time, and the bound is what holds others back, it is raised again by an eighth of what is answered.
///
/// Pure: time is a parameter.
struct AdaptiveBound: Sendable {
    /// Never fewer, so that there is always something to learn from.
    let least: Int
    let most: Int
    /// About as long as a question may be in flight: what is late within it was let in under the old bound.
    let period: Duration
    /// In eighths of a question.
    private var eighths: Int
    private var began: Timestamp?
    /// Questions that were answered in time in this period, and in the one before.
    private var answered = 0
    private var answeredBefore = 0
    private var lowered: Timestamp?

    init(least: Int, most: Int, period: Duration) {
        self.least = min(least, most)
        self.most = most
        self.period = period
        self.eighths = most * 8
    }

    var value: Int { self.eighths / 8 }

    /// - Parameter inFlight: questions, these among them.
    mutating func cameInTime(_ questions: Int, inFlight: Int, at now: Timestamp) {
        self.count(questions, at: now)
        if inFlight * 2 >= self.value { self.eighths = min(self.most * 8, self.eighths + questions) }
    }

    /// Whether the bound is lower now.
    ///
    /// With no more than the least in flight it is not the load that made it late, but something that failed.
    mutating func cameLate(inFlight: Int, at now: Timestamp) -> Bool {
        self.count(0, at: now)
        guard inFlight > self.least else { return false }
        if let lowered = self.lowered, now >= lowered, now.since(lowered) < self.period { return false }
        let sustained = max(self.answered, self.answeredBefore)
        // Whatever was answered, it was too much: what has come late is proof of it.
        let next = max(self.least, min(self.value, inFlight, sustained) * 3 / 4)
        guard next < self.value else { return false }
        self.lowered = now
        self.eighths = next * 8
        return true
    }

    /// A clock that was set begins a new period.
    private mutating func count(_ questions: Int, at now: Timestamp) {
        if let began = self.began, now >= began, now.since(began) < self.period {
            self.answered += questions
            return
        }
        let isNext = self.began.map { now >= $0 && now.since($0) < self.period * 2 } ?? false
        (self.began, self.answeredBefore, self.answered) = (now, isNext ? self.answered : 0, questions)
    }
}
