import Crypto
import Gateway
import SHS
import SSBTEK

@testable import AMQPTransport

/// What the fuzzer throws bytes at: everything that reads what a peer, a base service or the broker hands in.
///
/// Each target also states what must hold for what it accepts; a broken statement traps, as a crash does.
enum FuzzTarget: String, CaseIterable {
    /// A signed entity, and the message inside it.
    case mime
    case label
    case question
    /// A base service's response: the first byte chooses the provider, the second the form of its section.
    case section
    /// A combined answer, as the municipality's side reads it.
    case answer
    /// A sealed payload, as it comes back from the broker.
    case envelope
    /// What an authentic envelope holds: the first byte chooses the kind.
    case payload
    /// Breaks at an input that begins with `bug`: shows that the fuzzer finds what can be found.
    case control

    func run(_ bytes: [UInt8], _ contract: Contract) {
        switch self {
        case .mime: Self.mime(bytes)
        case .label: Self.label(bytes)
        case .question: Self.question(bytes, contract)
        case .section: Self.section(bytes, contract)
        case .answer: _ = try? AnswerReader(contract: contract).read(bytes)
        case .envelope: Self.envelope(bytes)
        case .payload: Self.payload(bytes)
        case .control: precondition(!bytes.starts(with: "bug".utf8), "the control")
        }
    }

    private static func mime(_ bytes: [UInt8]) {
        _ = try? SignedEntity.read(entity: bytes)
        _ = try? SignedEntity.read(contentType: "message/rfc822", body: bytes)
        guard let message = try? Message.read(bytes) else { return }
        let boundary = "fuzz-0123456789-0123456789"
        // What was read can be written, and reads as the same; a writer may refuse a boundary that stands in the text.
        guard let written = try? message.serialized(boundary: boundary) else { return }
        guard let again = try? Message.read(written) else {
            preconditionFailure("a message that was accepted is not accepted as we write it")
        }
        precondition(again.parts.map(\.content) == message.parts.map(\.content), "a data part has changed")
        precondition(again.label.txID == message.label.txID, "the transaction's number has changed")
        precondition(again.label.from == message.label.from, "the sender has changed")
    }

    private static func label(_ bytes: [UInt8]) {
        guard let label = try? LabelReader.read(bytes) else { return }
        guard let again = try? LabelReader.read(LabelWriter.write(label)) else {
            preconditionFailure("a label that was accepted is not accepted as we write it")
        }
        // Labels are written in the newest version, an identity that some nodes cannot take is cut, and history is told in short.
        var expected = label
        expected.version = again.version
        expected.history = again.history
        expected.content.contentID = again.content.contentID
        precondition(again == expected, "a label has changed")
        precondition(label.content.contentID.hasPrefix(again.content.contentID), "the content's identity has changed")
    }

    /// The person that a worker asks about is the one that the ingress has read.
    private static func question(_ bytes: [UInt8], _ contract: Contract) {
        let reader = QuestionReader(contract: contract, checksOrganisationDigit: false)
        guard let question = try? reader.read(bytes) else { return }
        guard let again = try? reader.readAgain(bytes) else {
            preconditionFailure("a question that the ingress accepts is refused by a worker")
        }
        precondition(again.person == question.person, "a worker would ask about another person")
        precondition(again.included == question.included, "a worker sees other providers")
    }

    private static func section(_ bytes: [UInt8], _ contract: Contract) {
        guard bytes.count > 2, let question = Self.asked else { return }
        let provider = Provider.allCases[Int(bytes[0]) % Provider.allCases.count]
        let form = [SectionForm.xmlInline, .base64, .text][Int(bytes[1]) % 3]
        let builder = SectionBuilder(contract: contract)
        let outcome = builder.section(for: provider, from: Array(bytes[2...]), form: form, to: question).outcome
        // Whatever a base service says, the combined answer keeps the contract.
        let answer = AnswerWriter.answer(
            askedAt: nil, correlationID: nil, echo: nil, sections: [(provider, outcome)])
        precondition((try? AnswerReader(contract: contract).read(answer)) != nil, "a section breaks the whole answer")
    }

    /// The question that a section answers: who is asked about decides what passes.
    private static let asked: Question? = {
        guard let person = try? PersonIdentity("199908072391"), let number = try? OrganisationNumber("162120002411"),
            let period = Period(from: "2025-01-01", to: "2025-01-31")
        else { return nil }
        return Question(
            applicant: Applicant(organisationNumber: number, name: "n", caseWorker: "h"), person: person,
            caseID: "A-17", period: period, purpose: "s", legalText: "l", included: Provider.allCases)
    }()

    private static func envelope(_ bytes: [UInt8]) {
        let context = SealingContext(lane: .reply, transaction: Self.transaction)
        let key = SymmetricKey(data: [UInt8](repeating: 7, count: 32))
        precondition((try? Envelope.open(bytes, for: context, key: key)) == nil, "an envelope was forged")
    }

    private static func payload(_ bytes: [UInt8]) {
        guard let kind = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        let slot = Slot(question: 0, provider: .csn)
        switch kind % 4 {
        case 0: Self.keeps(rest) { try Manifest(payload: $0, transaction: Self.transaction).payload() }
        case 1:
            Self.keeps(rest) {
                try WorkItem(payload: $0, transaction: Self.transaction, slot: slot, shard: 0).payload()
            }
        case 2:
            Self.keeps(rest) {
                try ProviderAnswer(payload: $0, transaction: Self.transaction, slot: slot, shard: 0).payload()
            }
        default: Self.keeps(rest) { try Reply(payload: $0, transaction: Self.transaction).payload() }
        }
    }

    /// What is read is written so that it reads again, to the same bytes.
    private static func keeps(_ bytes: [UInt8], through copy: ([UInt8]) throws -> [UInt8]) {
        guard let written = try? copy(bytes) else { return }
        guard let again = try? copy(written) else { preconditionFailure("what was read is not read again") }
        precondition(again == written, "what was read is written in two ways")
    }

    private static let transaction = TransactionID.random()
}
