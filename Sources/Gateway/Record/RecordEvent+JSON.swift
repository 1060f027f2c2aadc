import SHS
import SSBTEK

extension RecordEvent {
    /// The members of the entry's JSON object, the same for the same event: what is chained must not depend on chance.
    package func write(to object: inout JSONObject) {
        object.string("event", self.name)
        switch self {
        case .started(let set): object.number("set", Int64(set))
        case .stopped: break
        case .accepted(let access): access.write(to: &object)
        case .refused(let fault, let access):
            object.string("fault", fault.rawValue)
            access.write(to: &object)
        case .turnedAway(let reason, let asker, let count):
            object.string("fault", reason)
            asker.write(to: &object)
            object.number("count", Int64(count))
        case .answered(let transaction, let outcome, let duration, let joined):
            object.string("transaction", transaction.text)
            outcome.write(to: &object)
            object.string("joined", joined?.text)
            object.number("ms", duration.wholeMilliseconds)
        case .provided(let transaction, let slot, let outcome, let duration):
            object.string("transaction", transaction.text)
            object.number("question", Int64(slot.question))
            object.string("provider", slot.provider.rawValue)
            outcome.write(to: &object)
            object.number("ms", duration.wholeMilliseconds)
        case .replying(let transaction, let isComplete, let sections):
            object.string("transaction", transaction.text)
            object.string("outcome", isComplete ? "complete" : "partial")
            sections.write(to: &object)
        case .discarded(let transaction, let ending):
            object.string("transaction", transaction.text)
            object.string("ending", ending.rawValue)
        case .deviation(let deviation):
            object.string("kind", deviation.kind.rawValue)
            object.string("transaction", deviation.transaction?.text)
            object.string("reason", deviation.reason)
            if let count = deviation.count { object.number("count", Int64(count)) }
        }
    }

    /// What kind of entry it is, as the record calls it.
    package var name: String {
        switch self {
        case .started: "started"
        case .stopped: "stopped"
        case .accepted: "accepted"
        case .refused, .turnedAway: "refused"
        case .answered: "answered"
        case .provided: "provided"
        case .replying: "replying"
        case .discarded: "discarded"
        case .deviation: "deviation"
        }
    }
}

extension AcceptedAccess {
    fileprivate func write(to object: inout JSONObject) {
        object.string("transaction", self.transaction.text)
        object.string("txId", self.txID)
        object.string("party", self.party)
        self.signer.write(to: &object, as: "signer")
        self.client.write(to: &object, as: "client")
        object.list("questions", self.questions) { question, object in
            object.string("caseWorker", question.caseWorker)
            object.string("case", question.caseID)
            object.string("person", question.person)
            object.strings("providers", question.providers.map(\.rawValue))
        }
    }
}

extension Asker {
    fileprivate func write(to object: inout JSONObject) {
        object.string("party", self.party)
        object.string("txId", self.txID)
        self.signer?.write(to: &object, as: "signer")
        self.client?.write(to: &object, as: "client")
    }
}

extension RecordedCertificate {
    fileprivate func write(to object: inout JSONObject, as name: StaticString) {
        object.object(name) { inner in
            inner.string("serial", self.serial)
            inner.string("issuer", self.issuer)
        }
    }
}

extension AnsweredOutcome {
    fileprivate func write(to object: inout JSONObject) {
        switch self {
        case .reply(let sections):
            object.string("outcome", sections.errors == 0 ? "complete" : "partial")
            sections.write(to: &object)
        case .refused(let fault):
            object.string("outcome", "refused")
            object.string("fault", fault.rawValue)
        }
    }
}

extension ProvidedOutcome {
    fileprivate func write(to object: inout JSONObject) {
        switch self {
        case .data: object.string("outcome", "data")
        case .error(let source, let code):
            object.string("outcome", "error")
            object.string("kalla", source)
            object.string("felkod", code)
        case .dead: object.string("outcome", "dead")
        }
    }
}

extension SectionCount {
    fileprivate func write(to object: inout JSONObject) {
        object.number("data", Int64(self.data))
        object.number("errors", Int64(self.errors))
    }
}
