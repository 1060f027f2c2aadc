internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Synchronization

/// Says which client certificates a simulated base service has been shown: the other side's view of a rotation.
final class SimulatedWitness: Sendable {
    private let tell: @Sendable ([UInt8]) -> Void
    private let seen = Mutex<Set<[UInt8]>>([])

    /// - Parameter tell: called with the DER form of each certificate, once for each.
    init(_ tell: @escaping @Sendable ([UInt8]) -> Void) {
        self.tell = tell
    }

    func note(_ certificate: [UInt8]) {
        if self.seen.withLock({ $0.insert(certificate).inserted }) { self.tell(certificate) }
    }
}

/// Hands the client's certificate of one connection to the witness, when the handshake is over.
final class SimulatedWitnessHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let witness: SimulatedWitness

    init(_ witness: SimulatedWitness) {
        self.witness = witness
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent,
            let certificate = try? context.channel.pipeline.syncOperations.nioSSL_peerCertificate(),
            let bytes = try? certificate.toDERBytes()
        {
            self.witness.note(bytes)
        }
        context.fireUserInboundEventTriggered(event)
    }
}
