import HTTPIngress
import SHS

extension HTTPIngressConfiguration {
    /// Keys: `ingress.host`, `.port`, `.path` and `ingress.limits.*`.
    init(_ settings: SettingsReader) {
        self.init()
        self.host = settings.string("ingress.host", default: self.host)
        self.port = settings.int("ingress.port", default: self.port, in: 0...65_535)
        self.path = settings.string("ingress.path", default: self.path)
        self.readSizes(settings)
        self.readTimes(settings)
    }

    private mutating func readSizes(_ settings: SettingsReader) {
        self.maximumHeaderBytes = settings.int(
            "ingress.limits.headerBytes", default: self.maximumHeaderBytes, in: 1_024...1_048_576)
        self.maximumHeaderCount = settings.int(
            "ingress.limits.headerCount", default: self.maximumHeaderCount, in: 8...1_000)
        self.maximumBodyBytes = settings.int(
            "ingress.limits.bodyBytes", default: self.maximumBodyBytes, in: 1_024...268_435_456)
        self.maximumBodyPieces = settings.int(
            "ingress.limits.bodyPieces", default: self.maximumBodyPieces, in: 64...10_000_000)
        self.minimumBodyRate = settings.int(
            "ingress.limits.bodyRate", default: self.minimumBodyRate, in: 1...10_000_000)
        self.maximumConnectionsPerAddress = settings.int(
            "ingress.limits.connectionsPerPeer", default: self.maximumConnectionsPerAddress, in: 1...100_000)
        self.maximumConnections = settings.int(
            "ingress.limits.connections", default: self.maximumConnections, in: 1...100_000)
        self.maximumHandshakes = settings.int(
            "ingress.limits.handshakes", default: self.maximumHandshakes, in: 1...100_000)
        self.maximumConnectionsPerCertificate = settings.int(
            "ingress.limits.connectionsPerCertificate", default: self.maximumConnectionsPerCertificate,
            in: 1...100_000)
        self.maximumRequestsInFlight = settings.int(
            "ingress.limits.requestsInFlight", default: self.maximumRequestsInFlight, in: 1...100_000)
        self.maximumDiscardedBytes = settings.int(
            "ingress.limits.discardedBytes", default: self.maximumDiscardedBytes, in: 0...16_777_216)
        self.maximumBufferedBytes = settings.int(
            "ingress.limits.bufferedBytes", default: self.maximumBufferedBytes, in: 1_048_576...17_179_869_184)
        self.maximumBufferedBytesPerCertificate = settings.int(
            "ingress.limits.bufferedBytesPerCertificate", default: self.maximumBufferedBytesPerCertificate,
            in: 1_048_576...17_179_869_184)
    }

    private mutating func readTimes(_ settings: SettingsReader) {
        let range = Duration.milliseconds(100)...Duration.seconds(3_600)
        self.handshakeTime = settings.duration("ingress.limits.handshake", default: self.handshakeTime, in: range)
        self.headerTime = settings.duration("ingress.limits.header", default: self.headerTime, in: range)
        self.bodyGrace = settings.duration("ingress.limits.bodyGrace", default: self.bodyGrace, in: range)
        self.bodyTime = settings.duration("ingress.limits.body", default: self.bodyTime, in: range)
        self.idleTime = settings.duration("ingress.limits.idle", default: self.idleTime, in: range)
        self.responseTime = settings.duration("ingress.limits.response", default: self.responseTime, in: range)
        self.lingerTime = settings.duration("ingress.limits.linger", default: self.lingerTime, in: range)
        self.pipelinedRefusalTime = settings.duration(
            "ingress.limits.pipelinedRefusal", default: self.pipelinedRefusalTime,
            in: .milliseconds(1)...(.seconds(10)))
        self.clientRecheckTime = settings.duration(
            "ingress.limits.clientRecheck", default: self.clientRecheckTime, in: range)
        self.retryAfter = settings.duration("ingress.retryAfter", default: self.retryAfter, in: range)
        self.shutdownTime = settings.duration("ingress.shutdown", default: self.shutdownTime, in: range)
    }
}
