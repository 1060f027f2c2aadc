/// Why a set of certificates and keys was not taken over: every problem that was found, one a line.
package struct TrustError: Error, Hashable, CustomStringConvertible {
    /// In the order of the check; never empty.
    package let problems: [TrustProblem]

    package init(_ problems: [TrustProblem]) { self.problems = problems }

    package init(file: String, reason: TrustProblem.Reason) { self.init([TrustProblem(file: file, reason: reason)]) }

    init(_ file: String, _ reason: TrustProblem.Reason) { self.init(file: file, reason: reason) }

    package var description: String { self.problems.map(\.description).joined(separator: "\n") }
}

/// Gathers what is wrong with the parts of a set, so that staff sees all of it at once.
struct TrustProblems {
    private(set) var found: [TrustProblem] = []

    /// The value of one part; nil when there is something wrong with it.
    mutating func gather<Value>(_ part: () throws(TrustError) -> Value) -> Value? {
        do throws(TrustError) {
            return try part()
        } catch {
            self.found += error.problems.filter { !self.found.contains($0) }
            return nil
        }
    }

    mutating func add(_ file: String, _ reason: TrustProblem.Reason) {
        self.found.append(TrustProblem(file: file, reason: reason))
    }

    func throwIfAny() throws(TrustError) {
        if !self.found.isEmpty { throw TrustError(self.found) }
    }
}
