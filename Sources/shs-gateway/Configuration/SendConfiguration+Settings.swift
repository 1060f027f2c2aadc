extension SendConfiguration {
    /// Keys below `send`: `.url`, `.anchors`, `.transport.certificate`, `.transport.key`, `.signer.certificate`,
    /// `.signer.key`, `.reply.anchors`, `.reply.lists`, `.party`.
    init(_ settings: SettingsReader) {
        self.url = settings.string("send.url", default: "https://localhost:8443/shs/rs")
        self.anchors = settings.string("send.anchors", default: "")
        self.transportCertificate = settings.string("send.transport.certificate", default: "")
        self.transportKey = settings.string("send.transport.key", default: "")
        self.signerCertificate = settings.string("send.signer.certificate", default: "")
        self.signerKey = settings.string("send.signer.key", default: "")
        self.replyAnchors = settings.string("send.reply.anchors", default: "")
        self.replyLists = settings.optionalString("send.reply.lists")
        self.party = settings.string("send.party", default: "")
    }
}
