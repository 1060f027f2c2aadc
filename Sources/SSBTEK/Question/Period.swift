/// A range of days, both ends included, each `YYYY-MM-DD`.
package struct Period: Hashable, Sendable {
    package let from: String
    package let to: String

    /// Nil when an end is not a day of the years 0001 to 9999, or the first day is after the last.
    ///
    /// Takes the lexical form of `xs:date`; a time zone is dropped, since a day is what is meant.
    package init?(from: String, to: String) {
        guard let from = CalendarDate.day(ofLexical: from), let to = CalendarDate.day(ofLexical: to), from <= to else {
            return nil
        }
        self.from = from
        self.to = to
    }
}
