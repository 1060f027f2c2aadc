package import SHS
package import SSBTEK

/// One question as stage read hands it on: what was parsed and the bytes that the signature covers.
package struct ReceivedQuestion: Sendable {
    package let entry: DataEntry
    package let question: Question
    package let bytes: [UInt8]

    package init(entry: DataEntry, question: Question, bytes: [UInt8]) {
        self.entry = entry
        self.question = question
        self.bytes = bytes
    }
}

/// A request that passed the stages verify and read.
package struct AcceptedRequest: Sendable {
    package let label: Label
    package let party: Party
    package let questions: [ReceivedQuestion]
    package let lane: WorkLane

    package init(label: Label, party: Party, questions: [ReceivedQuestion], lane: WorkLane = .caseworker) {
        self.label = label
        self.party = party
        self.questions = questions
        self.lane = lane
    }
}

/// Stage split: one manifest, and one work item per question and included provider.
package struct Splitter: Sendable {
    /// What stage dispatch publishes.
    package struct Split: Sendable {
        package let manifest: Manifest
        package let shard: Int
        package let items: [WorkItem]
    }

    private let deadlines: DeadlineConfiguration
    private let shards: Int

    package init(deadlines: DeadlineConfiguration, shards: Int) {
        self.deadlines = deadlines
        self.shards = shards
    }

    package func split(
        _ request: AcceptedRequest, transaction: TransactionID, replyAddress: ReplyAddress, at now: Timestamp
    ) -> Split {
        let shard = Shard.index(sender: request.party.organisation, txID: request.label.txID, of: self.shards)
        let persons = request.questions.count
        let manifest = Manifest(
            transaction: transaction,
            sender: request.party.organisation,
            label: request.label,
            questions: request.questions.map(Self.manifestQuestion),
            acceptedAt: now,
            deadline: now + self.deadlines.replyBudget(persons: persons),
            replyAddress: replyAddress
        )
        let budget = self.deadlines.workBudget(persons: persons)
        let items = manifest.slots.map { slot in
            WorkItem(
                transaction: transaction,
                slot: slot,
                shard: shard,
                deadline: now + budget,
                remaining: budget,
                question: request.questions[slot.question].bytes,
                lane: request.lane
            )
        }
        return Split(manifest: manifest, shard: shard, items: items)
    }

    private static func manifestQuestion(_ received: ReceivedQuestion) -> ManifestQuestion {
        ManifestQuestion(
            entry: received.entry,
            providers: received.question.included,
            askedAt: received.question.askedAt,
            correlationID: received.question.correlationID,
            echo: received.question.echo ? received.question.echoContent : nil,
            digest: ContentDigest(of: received.bytes)
        )
    }
}
