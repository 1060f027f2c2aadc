package import SHS
package import SSBTEK

/// One thing that the record says; nothing of what was asked or answered but who asked about whom.
package enum RecordEvent: Sendable, Equatable {
    /// A process that keeps a record began, and with which set of certificates.
    case started(set: Int)
    /// It ended in order; a process that was killed has no such entry.
    case stopped
    /// A request was verified and read, and is about to be asked; kept before anything of it leaves the ingress.
    case accepted(AcceptedAccess)
    /// A request was refused before it was accepted.
    case refused(Fault, Asker)
    /// Requests that ended before anything of them was read, or that were too many, since this was said last.
    ///
    /// The same kind of entry as ``refused(_:_:)``; the reason is a fault's name, or one of the HTTP layer's own.
    case turnedAway(reason: String, Asker, count: Int)
    /// What the sender is about to be answered; kept before the response is made.
    ///
    /// `joined` is the transaction of the same transfer that was in flight, whose reply this one got as well.
    case answered(TransactionID, AnsweredOutcome, Duration, joined: TransactionID?)
    /// What a base service said, or that it was not asked; kept before its answer is handed on.
    case provided(TransactionID, Slot, ProvidedOutcome, Duration)
    /// A reply is about to be sent to an ingress that waits.
    case replying(TransactionID, isComplete: Bool, SectionCount)
    /// Everything that the correlator held of a transaction has been acknowledged: the broker has no reason to keep it.
    case discarded(TransactionID, Ending)
    /// Something that should not happen, or not often.
    case deviation(Deviation)
}

/// Who asks, about whom, and which base services: the entry that makes every access traceable.
package struct AcceptedAccess: Sendable, Equatable {
    /// One question about one person.
    package struct Question: Sendable, Equatable {
        /// `ingivare` as given.
        package var caseWorker: String
        /// `arendeIdentitet` as given.
        package var caseID: String
        /// Keyed; see ``Pseudonymising``.
        package var person: String
        package var providers: [Provider]

        package init(caseWorker: String, caseID: String, person: String, providers: [Provider]) {
            self.caseWorker = caseWorker
            self.caseID = caseID
            self.person = person
            self.providers = providers
        }
    }

    package var transaction: TransactionID
    /// The sender's own identifier, when it has the form of one.
    package var txID: String?
    package var party: String
    package var signer: RecordedCertificate
    package var client: RecordedCertificate
    package var questions: [Question]

    package init(
        transaction: TransactionID, txID: String?, party: String, signer: RecordedCertificate,
        client: RecordedCertificate, questions: [Question]
    ) {
        self.transaction = transaction
        self.txID = txID
        self.party = party
        self.signer = signer
        self.client = client
        self.questions = questions
    }
}

/// What is known of who sent a request: the later the stage at which it ended, the more.
package struct Asker: Sendable, Hashable {
    /// Only a party that signer and transport certificate speak for: what a label claims may be anybody.
    package var party: String?
    /// Only one that has the form of a UUID: a sender may write anything.
    package var txID: String?
    package var signer: RecordedCertificate?
    package var client: RecordedCertificate?

    package init(
        party: String? = nil, txID: String? = nil, signer: RecordedCertificate? = nil,
        client: RecordedCertificate? = nil
    ) {
        self.party = party
        self.txID = txID
        self.signer = signer
        self.client = client
    }
}

/// What names a certificate for ever: its serial number and its issuer.
package struct RecordedCertificate: Sendable, Hashable {
    /// Upper-case hexadecimal.
    package let serial: String
    /// RFC 4514.
    package let issuer: String

    package init(_ identity: CertificateIdentity) {
        self.serial = identity.serialNumber
        self.issuer = identity.issuer
    }
}

/// How a request that was accepted ended for its sender.
package enum AnsweredOutcome: Sendable, Equatable {
    case reply(SectionCount)
    case refused(Fault)
}

/// How a work item ended.
package enum ProvidedOutcome: Sendable, Equatable {
    case data
    /// `kalla` and `felkod`, the latter cut to the characters of a code.
    case error(source: String, code: String)
    /// Its time was up: nobody was asked.
    case dead
}

/// An error or a deviation: a name from a closed list, and what it is about.
package struct Deviation: Sendable, Equatable {
    package enum Kind: String, CaseIterable, Sendable {
        /// A message that the correlator could not use; ``Deviation/reason`` is the ``Ending``.
        case discardedUnused = "discarded-unused"
        /// A message that the broker gave up; the reason is the broker's.
        case deadLetter = "dead-letter"
        /// The broker took a shard's deliveries away.
        case shardLost = "shard-lost"
        /// A reply could not be signed.
        case notSigned = "not-signed"
        /// A reply came when nobody waited for it any more.
        case replyUnclaimed = "reply-unclaimed"
        /// Entries could not be kept for a while; what they would have said was not done, or is counted here.
        case recordUnavailable = "record-unavailable"
        /// The broker was there and is not any more; the reason is the connection's error code.
        case brokerLost = "broker-lost"
        /// The broker is there again.
        case brokerBack = "broker-back"
    }

    package let kind: Kind
    package let transaction: TransactionID?
    package let reason: String?
    package let count: Int?

    package init(_ kind: Kind, transaction: TransactionID? = nil, reason: String? = nil, count: Int? = nil) {
        self.kind = kind
        self.transaction = transaction
        self.reason = reason
        self.count = count
    }
}
