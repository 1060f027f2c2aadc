package import Gateway

/// What an envelope is bound to: opened under any other context, it is not authentic.
package struct SealingContext: Hashable, Sendable {
    package let lane: Lane
    package let transaction: TransactionID
    /// Index of the question; nil for a manifest or a reply, which belong to the whole transaction.
    package let question: Int?

    package init(lane: Lane, transaction: TransactionID, question: Int? = nil) {
        self.lane = lane
        self.transaction = transaction
        self.question = question
    }

    /// The associated data; each part ends with a zero byte so that no two contexts give the same bytes.
    func associatedData(epoch: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in [self.lane.name, self.transaction.text, self.question.map(String.init) ?? "-", epoch] {
            bytes.append(contentsOf: part.utf8)
            bytes.append(0)
        }
        return bytes
    }
}
