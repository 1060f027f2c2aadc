/// Which of several own certificates is used: of those that are valid, the one that began last.
///
/// So a new certificate takes over by itself at the moment at which it becomes valid, and the old one is there until it
/// does.
package struct CredentialSelection: Sendable {
    /// From the first second on, up to and without the last.
    package struct Validity: Hashable, Sendable {
        package let notBefore: Int64
        package let notAfter: Int64

        package init(notBefore: Int64, notAfter: Int64) {
            self.notBefore = notBefore
            self.notAfter = notAfter
        }

        func contains(_ instant: Int64) -> Bool { self.notBefore <= instant && instant < self.notAfter }
    }

    private let validities: [Validity]

    package init(validities: [Validity]) { self.validities = validities }

    /// The position of the one to use; nil when none is valid.
    ///
    /// Of those that began together the one that ends last is taken, of equal ones the first.
    package func index(at instant: Int64) -> Int? {
        self.validities.indices.filter { self.validities[$0].contains(instant) }.max { left, right in
            let (one, other) = (self.validities[left], self.validities[right])
            if one.notBefore != other.notBefore { return one.notBefore < other.notBefore }
            if one.notAfter != other.notAfter { return one.notAfter < other.notAfter }
            return left > right
        }
    }

    /// The next moment at which ``index(at:)`` is another one; nil when there is none.
    package func nextChange(after instant: Int64) -> Int64? {
        let now = self.index(at: instant)
        let moments = self.validities.flatMap { [$0.notBefore, $0.notAfter] }.filter { $0 > instant }
        return moments.sorted().first { self.index(at: $0) != now }
    }
}
