import SHS
import SSBTEK

/// Makes the signed SHS reply of what came back: answers, label, MIME, signature.
package struct ReplyAssembler: Sendable {
    private let signer: any MessageSigning
    /// The label's `datetime`: local time, `yyyy-MM-dd'T'HH:mm:ss`, no zone.
    private let localDateTime: @Sendable () -> String
    private let newUUID: @Sendable () -> String

    package init(
        signer: any MessageSigning,
        localDateTime: @escaping @Sendable () -> String,
        newUUID: @escaping @Sendable () -> String
    ) {
        self.signer = signer
        self.localDateTime = localDateTime
        self.newUUID = newUUID
    }

    /// The whole entity, MIME headers inside; throws what the signer throws.
    package func reply(_ assembly: Assembly) async throws -> [UInt8] {
        let parts = zip(assembly.manifest.questions, assembly.sections).map { question, sections in
            let answer = AnswerWriter.answer(
                askedAt: question.askedAt,
                correlationID: question.correlationID,
                echo: question.echo,
                sections: sections.map { ($0.provider, $0.outcome) }
            )
            return self.part(answer, for: question.entry)
        }
        let label = assembly.manifest.label.reply(
            datetime: self.localDateTime(),
            contentID: self.newUUID(),
            data: parts.map(\.entry)
        )
        let content = try Message(label: label, parts: parts).serialized(boundary: self.boundary())
        let signature = try await self.signer.sign(content)
        return try SignedEntityWriter.write(content: content, signature: signature, boundary: self.boundary())
    }

    private func part(_ answer: [UInt8], for request: DataEntry) -> DataPart {
        let entry = DataEntry(
            datapartType: request.datapartType, filename: request.filename, byteCount: answer.count, recordCount: nil)
        return DataPart(entry: entry, contentType: "application/xml; charset=UTF-8", content: answer)
    }

    private func boundary() -> String { "=_shs_\(self.newUUID())" }
}
