package import SHS
package import SSBTEK

/// Stages verify and read: from the bytes of a request to questions that may be asked, or the one reason why not.
///
/// Decides only; what it accepts has not been published yet.
package struct Intake: Sendable {
    private let questions: QuestionReader
    private let labels: LabelPolicy
    private let limits: MessageLimits
    private let maximumQuestions: Int

    package init(
        questions: QuestionReader,
        profile: ProfileConfiguration,
        limits: MessageLimits
    ) {
        self.questions = questions
        self.labels = LabelPolicy(profile: profile)
        self.limits = limits
        self.maximumQuestions = profile.maximumQuestions
    }

    /// Reads only what a valid signature covers; throws the fault that the sender is told.
    ///
    /// - Parameters:
    ///   - verdict: What was decided about the signature, as soon as it has been.
    ///   - asker: What is known of who asks, as soon as it is.
    package func accept(
        _ transfer: ReceivedTransfer, at now: Timestamp, verdict: inout VerdictSummary?, asker: inout Asker
    ) throws(Fault) -> AcceptedRequest {
        asker.client = RecordedCertificate(transfer.peer)
        let form = try SignedEntity.read(contentType: transfer.contentType, body: transfer.body, limits: self.limits)
        let verified: Verified<[UInt8]>
        switch transfer.trust.verify(form, at: now.seconds) {
        case .verified(let content, let summary): (verified, verdict) = (content, summary)
        case .refused(let fault, let summary):
            verdict = summary
            throw fault
        }
        asker.signer = RecordedCertificate(verified.signer)
        return try self.read(verified, of: transfer, at: now, asker: &asker)
    }

    private func read(
        _ verified: Verified<[UInt8]>, of transfer: ReceivedTransfer, at now: Timestamp, asker: inout Asker
    ) throws(Fault) -> AcceptedRequest {
        let message = try Message.read(verified.content, limits: self.limits)
        asker.txID = TransactionRecord.isUUID(message.label.txID) ? message.label.txID : nil
        let sender = try self.labels.sender(of: message.label)
        let party = try transfer.trust.parties.authorise(
            from: sender, signer: verified.signer, transport: transfer.peer, at: now.seconds
        ).get()
        asker.party = party.organisation
        try self.labels.check(message.label)
        guard (1...self.maximumQuestions).contains(message.parts.count) else { throw .wrongNumberOfQuestions }
        var received: [ReceivedQuestion] = []
        for part in message.parts {
            let question = try self.question(part.content)
            received.append(ReceivedQuestion(entry: part.entry, question: question, bytes: part.content))
        }
        return AcceptedRequest(
            label: message.label, party: party, questions: received, lane: party.lane(signedBy: verified.signer))
    }

    private func question(_ bytes: [UInt8]) throws(Fault) -> Question {
        do throws(QuestionFault) {
            return try self.questions.read(bytes)
        } catch {
            throw Fault(error)
        }
    }
}
