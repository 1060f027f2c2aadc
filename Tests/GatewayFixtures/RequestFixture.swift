package import Gateway
package import SHS
import SSBTEK

/// A request of an invented municipality, as it arrives over HTTP and as stage read hands it on.
package struct RequestFixture {
    package static let municipality = "2120002411"
    package static let node = ProfileConfiguration().organisation

    package var txID = "0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01"
    package var questions = [QuestionFixture()]

    package init(
        txID: String = "0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01", questions: [QuestionFixture] = [QuestionFixture()]
    ) {
        self.txID = txID
        self.questions = questions
    }

    package var label: Label { Self.label(txID: self.txID) }

    package static func label(txID: String = "0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01") -> Label {
        var label = Self.template
        label.txID = txID
        return label
    }

    private static let template: Label = {
        guard let from = PartyAddress(Self.municipality), let to = PartyAddress(Self.node),
            let product = ProductID("00000000-0000-0000-0000-00000000e001")
        else { preconditionFailure("the fixture's own addresses are well-formed") }
        return Label(
            txID: "", corrID: "c-1", transferType: .synch, sequenceType: .request, status: .test,
            from: .init(address: from, commonName: "Exempelkommun"), to: .init(address: to),
            product: .init(id: product),
            datetime: "2026-01-02T03:04:05", content: .init(contentID: "content-1", kind: .data([])))
    }()

    /// The whole request, signed by ``EmptySigner``.
    package func transfer(
        label change: (inout Label) -> Void = { _ in }, peer: CertificateIdentity = .fixture(), refusal: Fault? = nil
    ) throws -> ReceivedTransfer {
        var label = self.label
        change(&label)
        let parts = self.questions.enumerated().map { index, question in
            DataPart(
                entry: DataEntry(datapartType: "xml", filename: "fraga-\(index).xml"), contentType: "application/xml",
                content: question.bytes)
        }
        let content = try Message(label: label, parts: parts).serialized(boundary: "=_inner")
        let signature = try EmptySigner().sign(content)
        let body = try SignedEntityWriter.write(content: content, signature: signature, boundary: "=_outer")
        return ReceivedTransfer(
            body: body, contentType: "message/rfc822", peer: peer, trust: try Self.trust(refusal: refusal))
    }

    package func accepted() throws -> AcceptedRequest {
        let reader = try QuestionFixture.reader()
        return AcceptedRequest(
            label: self.label,
            party: Party(organisation: Self.municipality, name: "Exempelkommun"),
            questions: try self.questions.enumerated().map { index, question in
                ReceivedQuestion(
                    entry: DataEntry(datapartType: "xml", filename: "fraga-\(index).xml"),
                    question: try reader.read(question.bytes), bytes: question.bytes)
            })
    }

    package static func parties() throws -> PartyRegister {
        try PartyRegister([Party(organisation: Self.municipality, name: "Exempelkommun")])
    }

    /// Believes every signature, or refuses it with the given fault.
    package static func trust(refusal: Fault? = nil) throws -> BelievingVerifier {
        BelievingVerifier(parties: try self.parties(), signer: .fixture(), refusal: refusal)
    }

    package static func intake() throws -> Intake {
        Intake(
            questions: try QuestionFixture.reader(), profile: ProfileConfiguration(), limits: MessageLimits())
    }
}
