package import SHS
package import Trust

/// A municipality's request: label, one data part per question, signed as a whole.
package struct OutgoingMessage: Sendable {
    /// One question document with the name that its data part gets.
    package struct Question: Sendable {
        package let filename: String
        package let document: [UInt8]

        package init(filename: String, document: [UInt8]) {
            self.filename = filename
            self.document = document
        }
    }

    /// Who asks whom for what.
    package struct Address: Sendable {
        package let from: PartyAddress
        package let to: PartyAddress
        package let product: ProductID
        package let status: Label.Status

        package init(from: PartyAddress, to: PartyAddress, product: ProductID, status: Label.Status) {
            self.from = from
            self.to = to
            self.product = product
            self.status = status
        }
    }

    package let txID: String
    /// The whole entity, MIME headers inside.
    package let bytes: [UInt8]

    /// - Parameters:
    ///   - datetime: the label's, local time without a zone.
    ///   - newUUID: for tx.id, content.id and the boundaries, which must be random.
    package init(
        _ questions: [Question], address: Address, signer: CMSSigner, datetime: String, newUUID: () -> String
    ) throws {
        self.txID = newUUID()
        let parts = questions.map { question in
            DataPart(
                entry: DataEntry(
                    datapartType: "hamtaBastjanstInformation", filename: question.filename,
                    byteCount: question.document.count, recordCount: nil),
                contentType: "application/xml; charset=UTF-8",
                content: question.document
            )
        }
        let label = Label(
            txID: self.txID,
            corrID: self.txID,
            transferType: .synch,
            sequenceType: .request,
            status: address.status,
            from: Label.Actor(address: address.from, commonName: ""),
            to: Label.Actor(address: address.to, commonName: nil),
            product: Label.Product(id: address.product, commonName: "SSBTEK"),
            datetime: datetime,
            content: Label.Content(contentID: newUUID(), kind: .data(parts.map(\.entry)))
        )
        let content = try Message(label: label, parts: parts).serialized(boundary: "=_shs_\(newUUID())")
        self.bytes = try SignedEntityWriter.write(
            content: content, signature: try signer.signature(over: content), boundary: "=_shs_\(newUUID())")
    }
}
