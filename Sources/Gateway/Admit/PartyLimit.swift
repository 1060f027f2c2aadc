/// How much one party may ask for.
package struct PartyLimit: Hashable, Sendable {
    /// Questions a second, on average.
    ///
    /// The operating agreement has 3 calls a second for all 290 municipalities together; 100 is more than a third of a
    /// hundred times that, for one of them.
    package var rate = 100
    /// Questions at once after a pause: two seconds of the rate.
    package var burst = 200
    /// Requests at the same time: what the operating agreement has for all of them.
    package var concurrency = 200

    package init() {}

    package init(rate: Int, burst: Int, concurrency: Int) {
        (self.rate, self.burst, self.concurrency) = (rate, burst, concurrency)
    }

    /// What a party's own entry changes.
    package struct Own: Hashable, Sendable, Codable {
        package let rate: Int?
        package let burst: Int?
        package let concurrency: Int?

        package init(rate: Int? = nil, burst: Int? = nil, concurrency: Int? = nil) {
            (self.rate, self.burst, self.concurrency) = (rate, burst, concurrency)
        }

        /// Whether every value can be meant: from 1 to a million.
        var isSensible: Bool {
            [self.rate, self.burst, self.concurrency].allSatisfy { (1...1_000_000).contains($0 ?? 1) }
        }
    }

    /// This limit, with a party's own values in place of the general ones.
    package func changed(by own: Own?) -> Self {
        guard let own else { return self }
        return Self(
            rate: own.rate ?? self.rate, burst: own.burst ?? self.burst,
            concurrency: own.concurrency ?? self.concurrency)
    }
}
