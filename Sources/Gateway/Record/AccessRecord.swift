import SHS
import SSBTEK

/// What the ingress writes into the record: one entry before a request is asked, and one before it is answered.
struct AccessRecord: Sendable {
    let keeper: any RecordKeeping
    let pseudonyms: any Pseudonymising

    var isAvailable: Bool { self.keeper.isAvailable }

    /// A request that is about to be asked; without the entry it is not.
    func accepted(_ request: AcceptedRequest, as transaction: TransactionID, asker: Asker) throws(Fault) {
        guard let signer = asker.signer, let client = asker.client else { throw .internalError }
        let access = AcceptedAccess(
            transaction: transaction, txID: asker.txID, party: request.party.organisation, signer: signer,
            client: client,
            questions: request.questions.map { received in
                AcceptedAccess.Question(
                    caseWorker: received.question.applicant.caseWorker, caseID: received.question.caseID,
                    person: self.pseudonyms.pseudonym(of: received.question.person),
                    providers: received.question.included)
            })
        do throws(RecordUnavailable) {
            try self.keeper.keep(.accepted(access))
        } catch {
            throw .recordUnavailable
        }
    }

    /// How a request ends; an outcome that cannot be written is not handed out.
    func ended(_ record: TransactionRecord, _ outcome: IngressOutcome, after duration: Duration) -> IngressOutcome {
        // Whoever sends more than it may cannot fill the record with that.
        if outcome == .refused(.tooManyRequests) {
            let asker = Asker(party: record.asker.party, client: record.asker.client)
            self.keeper.count(.turnedAway(reason: Fault.tooManyRequests.rawValue, asker))
            return outcome
        }
        do throws(RecordUnavailable) {
            switch (outcome, record.transaction) {
            case (.refused(.recordUnavailable), _) where !record.isAccepted: break
            case (.reply(_, let sections), let transaction?):
                try self.keeper.keep(.answered(transaction, .reply(sections), duration, joined: record.joined))
            case (.refused(let fault), let transaction?) where record.isAccepted:
                try self.keeper.keep(.answered(transaction, .refused(fault), duration, joined: record.joined))
            case (.refused(let fault), _): try self.keeper.keep(.refused(fault, record.asker))
            case (.reply, nil): return .refused(.internalError)
            }
            return outcome
        } catch {
            return .refused(.recordUnavailable)
        }
    }

    /// A client that was refused before anything of its request was read; it gets nothing in any case.
    func refusedClient(_ fault: Fault) { self.keeper.count(.turnedAway(reason: fault.rawValue, Asker())) }

    /// A reply that came when nobody waited for it.
    func unclaimed(_ transaction: TransactionID) {
        try? self.keeper.keep(.deviation(Deviation(.replyUnclaimed, transaction: transaction)))
    }
}
