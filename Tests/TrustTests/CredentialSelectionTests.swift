import Testing
import Trust

/// Which of several own certificates is used, as time goes by.
struct CredentialSelectionTests {
    private func selection(_ validities: (Int64, Int64)...) -> CredentialSelection {
        CredentialSelection(validities: validities.map { .init(notBefore: $0.0, notAfter: $0.1) })
    }

    @Test func `one certificate is used from its first second up to its end`() {
        let one = self.selection((100, 200))
        #expect([99, 100, 199, 200].map { one.index(at: $0) } == [nil, 0, 0, nil])
    }

    @Test func `the next one takes over at the moment at which it becomes valid`() {
        let two = self.selection((0, 200), (100, 300))
        #expect([99, 100, 199, 200, 299, 300].map { two.index(at: $0) } == [0, 1, 1, 1, 1, nil])
        #expect(two.nextChange(after: 0) == 100)
        #expect(two.nextChange(after: 100) == 300)
        #expect(two.nextChange(after: 300) == nil)
    }

    @Test func `an older one is used again when the newer one ends first`() {
        let two = self.selection((0, 300), (100, 200))
        #expect([50, 150, 250].map { two.index(at: $0) } == [0, 1, 0])
        #expect(two.nextChange(after: 100) == 200)
    }

    @Test func `a gap between two is a time with none`() {
        let two = self.selection((0, 100), (200, 300))
        #expect([50, 150, 250].map { two.index(at: $0) } == [0, nil, 1])
        #expect(two.nextChange(after: 50) == 100)
        #expect(two.nextChange(after: 100) == 200)
    }

    @Test func `of those that began together the longest is used, of equal ones the first`() {
        #expect(self.selection((0, 100), (0, 200), (0, 200)).index(at: 50) == 1)
    }

    @Test func `the order of files does not matter where times differ`() {
        let times: [(Int64, Int64)] = [(0, 200), (100, 300), (150, 160)]
        for instant in stride(from: Int64(-10), to: 310, by: 5) {
            let forwards = CredentialSelection(validities: times.map { .init(notBefore: $0.0, notAfter: $0.1) })
            let backwards = CredentialSelection(
                validities: times.reversed().map { .init(notBefore: $0.0, notAfter: $0.1) })
            #expect(forwards.index(at: instant) == backwards.index(at: instant).map { 2 - $0 })
        }
    }

    @Test func `an end of a certificate that is not in use is no change`() {
        let three = self.selection((0, 50), (0, 200), (10, 100))
        #expect(three.nextChange(after: 20) == 100)
        #expect(self.selection().nextChange(after: 0) == nil)
    }

    /// Random sets: between two changes nothing changes, and at every change something does.
    @Test func `every change is foretold and nothing else changes`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let times = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                let start = Int64.random(in: 0...50, using: &generator)
                return CredentialSelection.Validity(
                    notBefore: start, notAfter: start + Int64.random(in: 1...30, using: &generator))
            }
            let selection = CredentialSelection(validities: times)
            for instant in Int64(-1)...90 {
                let next = (instant + 1...100).first { selection.index(at: $0) != selection.index(at: instant) }
                #expect(selection.nextChange(after: instant) == next, "\(times) at \(instant)")
            }
        }
    }
}
