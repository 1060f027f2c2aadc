/// The label of a message, `shs.label` version 1.2: who sends what to whom.
///
/// Values are as on the wire except that blanks around them and the prefix `urn:X-shs:` are gone.
package struct Label: Sendable, Equatable {
    package enum TransferType: String, Sendable { case asynch, synch }
    package enum MessageType: String, Sendable { case simple, compound }
    package enum SequenceType: String, Sendable { case event, request, reply, adm }
    package enum Status: String, Sendable, CaseIterable { case test, production }

    /// The version that was read; 1.2 is what is written.
    package var version: String = "1.2"
    /// The identity of one transfer.
    package var txID: String
    /// The identity of a conversation, copied to replies.
    package var corrID: String
    package var agreement: String?
    package var transferType: TransferType
    package var messageType: MessageType = .simple
    /// The name of ``messageType`` in version 1.1, kept in 1.2.
    package var documentType: MessageType = .simple
    package var sequenceType: SequenceType
    package var status: Status
    /// At least one of this and ``from`` is there.
    package var originator: EndPoint?
    package var from: Actor?
    /// Nil leaves the receiver to the agreements.
    package var to: Actor?
    package var endRecipient: EndPoint?
    package var product: Product
    package var meta: [Meta] = []
    package var subject: String?
    /// Local time without zone, `yyyy-MM-dd'T'HH:mm:ss`; as it was written.
    package var datetime: String
    package var content: Content
    package var history: [History] = []

    package init(
        txID: String, corrID: String, agreement: String? = nil, transferType: TransferType, sequenceType: SequenceType,
        status: Status, originator: EndPoint? = nil, from: Actor?, to: Actor? = nil, endRecipient: EndPoint? = nil,
        product: Product, meta: [Meta] = [], subject: String? = nil, datetime: String, content: Content
    ) {
        self.txID = txID
        self.corrID = corrID
        self.agreement = agreement
        self.transferType = transferType
        self.sequenceType = sequenceType
        self.status = status
        self.originator = originator
        self.from = from
        self.to = to
        self.endRecipient = endRecipient
        self.product = product
        self.meta = meta
        self.subject = subject
        self.datetime = datetime
        self.content = content
    }

    /// The label of the reply to a SYNCH request: same transfer, same conversation, the parties changed about.
    ///
    /// Subject, meta and history belong to the request and are not repeated.
    package func reply(datetime: String, contentID: String, data: [DataEntry]) -> Label {
        Label(
            txID: self.txID, corrID: self.corrID, agreement: self.agreement, transferType: self.transferType,
            sequenceType: .reply, status: self.status, originator: self.endRecipient, from: self.to,
            to: self.from.map { Actor(address: $0.address, commonName: $0.commonName) },
            endRecipient: self.originator, product: self.product, datetime: datetime,
            content: Content(contentID: contentID, kind: .data(data)))
    }
}
