package import SHS

/// What goes back to the ingress that waits: the signed reply, or why there is none.
package struct Reply: Hashable, Sendable {
    /// The outcome of a transaction as the ingress learns it.
    package enum Outcome: Hashable, Sendable {
        /// The whole signed SHS entity, MIME headers inside.
        case message([UInt8])
        case fault(Fault)
    }

    package let transaction: TransactionID
    package let outcome: Outcome
    /// How many sections hold data, and how many an error.
    package let sections: SectionCount

    package init(transaction: TransactionID, outcome: Outcome, sections: SectionCount) {
        self.transaction = transaction
        self.outcome = outcome
        self.sections = sections
    }
}

/// A reply's content-free summary, for the one notice per transaction.
package struct SectionCount: Hashable, Sendable {
    package var data: Int
    package var errors: Int

    package init(data: Int = 0, errors: Int = 0) {
        self.data = data
        self.errors = errors
    }
}
