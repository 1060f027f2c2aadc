import Gateway
import SHS
import SSBTEK

/// Version byte of all payloads: raised when a field changes, so that two releases never misread each other.
private let version: UInt8 = 1

extension Manifest {
    /// Everything but the transaction, which the headers and the associated data hold.
    func payload() -> [UInt8] {
        var writer = PayloadWriter(version: version, capacity: 2_048)
        writer.write(self.sender)
        writer.write(LabelWriter.write(self.label))
        writer.write(self.acceptedAt.milliseconds)
        writer.write(self.deadline.milliseconds)
        writer.write(self.replyAddress.text)
        writer.write(self.questions.count)
        for question in self.questions { question.write(to: &writer) }
        return writer.bytes
    }

    init(payload: [UInt8], transaction: TransactionID) throws(MalformedPayload) {
        var reader = try PayloadReader(payload, version: version)
        let sender = try reader.text()
        let label = try Self.label(try reader.field())
        let acceptedAt = Timestamp(milliseconds: try reader.signed())
        let deadline = Timestamp(milliseconds: try reader.signed())
        let address = ReplyAddress(try reader.text())
        var questions: [ManifestQuestion] = []
        for _ in 0..<(try reader.count()) { questions.append(try ManifestQuestion(from: &reader)) }
        try reader.end()
        self.init(
            transaction: transaction,
            sender: sender,
            label: label,
            questions: questions,
            acceptedAt: acceptedAt,
            deadline: deadline,
            replyAddress: address
        )
    }

    private static func label(_ bytes: [UInt8]) throws(MalformedPayload) -> Label {
        do throws(Fault) { return try LabelReader.read(bytes) } catch { throw MalformedPayload() }
    }
}

extension ManifestQuestion {
    fileprivate func write(to writer: inout PayloadWriter) {
        writer.write(self.entry.datapartType)
        writer.write(self.entry.filename)
        writer.write(self.providers.count)
        for provider in self.providers { writer.write(provider.rawValue) }
        writer.write(self.askedAt)
        writer.write(self.correlationID)
        writer.write(self.echo)
        writer.write(self.digest.value)
    }

    fileprivate init(from reader: inout PayloadReader) throws(MalformedPayload) {
        let entry = DataEntry(
            datapartType: try reader.text(), filename: try reader.optionalText(), byteCount: nil, recordCount: nil)
        var providers: [Provider] = []
        for _ in 0..<(try reader.count()) {
            guard let provider = Provider(rawValue: try reader.text()) else { throw MalformedPayload() }
            providers.append(provider)
        }
        self.init(
            entry: entry,
            providers: providers,
            askedAt: try reader.optionalText(),
            correlationID: try reader.optionalText(),
            echo: try reader.optionalField(),
            digest: ContentDigest(value: try reader.unsigned())
        )
    }
}

extension WorkItem {
    func payload() -> [UInt8] {
        var writer = PayloadWriter(version: version, capacity: self.question.count + 32)
        writer.write(self.deadline.milliseconds)
        writer.write(self.remaining.wholeMilliseconds)
        writer.write(self.question)
        return writer.bytes
    }

    init(payload: [UInt8], transaction: TransactionID, slot: Slot, shard: Int) throws(MalformedPayload) {
        var reader = try PayloadReader(payload, version: version)
        let deadline = Timestamp(milliseconds: try reader.signed())
        let remaining = Duration.milliseconds(try reader.signed())
        let question = try reader.field()
        try reader.end()
        self.init(
            transaction: transaction,
            slot: slot,
            shard: shard,
            deadline: deadline,
            remaining: remaining,
            question: question
        )
    }
}

extension ProviderAnswer {
    func payload() -> [UInt8] {
        var writer = PayloadWriter(version: version, capacity: 1_024)
        writer.write(self.deadline.milliseconds)
        writer.write(self.elapsed.wholeMilliseconds)
        switch self.outcome {
        case .data(let element):
            writer.write(true)
            writer.write(element)
        case .error(let error):
            writer.write(false)
            writer.write(error.source.rawValue)
            writer.write(error.code)
            writer.write(error.messages.count)
            for message in error.messages { writer.write(message) }
        }
        return writer.bytes
    }

    init(payload: [UInt8], transaction: TransactionID, slot: Slot, shard: Int) throws(MalformedPayload) {
        var reader = try PayloadReader(payload, version: version)
        let deadline = Timestamp(milliseconds: try reader.signed())
        let elapsed = Duration.milliseconds(try reader.signed())
        let outcome: SectionOutcome
        if try reader.bool() {
            outcome = .data(try reader.field())
        } else {
            guard let source = ProviderError.Source(rawValue: try reader.text()) else { throw MalformedPayload() }
            let code = try reader.text()
            var messages: [String] = []
            for _ in 0..<(try reader.count()) { messages.append(try reader.text()) }
            outcome = .error(ProviderError(source: source, code: code, messages: messages))
        }
        try reader.end()
        self.init(
            transaction: transaction, slot: slot, shard: shard, deadline: deadline, outcome: outcome, elapsed: elapsed)
    }
}

extension Reply {
    func payload() -> [UInt8] {
        var writer = PayloadWriter(version: version, capacity: 8_192)
        writer.write(self.sections.data)
        writer.write(self.sections.errors)
        switch self.outcome {
        case .message(let bytes):
            writer.write(true)
            writer.write(bytes)
        case .fault(let fault):
            writer.write(false)
            writer.write(fault.rawValue)
        }
        return writer.bytes
    }

    init(payload: [UInt8], transaction: TransactionID) throws(MalformedPayload) {
        var reader = try PayloadReader(payload, version: version)
        let sections = SectionCount(data: try reader.integer(), errors: try reader.integer())
        let outcome: Outcome
        if try reader.bool() {
            outcome = .message(try reader.field())
        } else {
            guard let fault = Fault(rawValue: try reader.text()) else { throw MalformedPayload() }
            outcome = .fault(fault)
        }
        try reader.end()
        self.init(transaction: transaction, outcome: outcome, sections: sections)
    }
}
