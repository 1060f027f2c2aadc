import Gateway
import HTTPIngress
import SHS
import Trust

/// Hands a request from the HTTPS endpoint to the ingress stages and its outcome back.
struct IngressHandler: RequestHandling {
    let ingress: Ingress
    let trust: TrustHolder
    let peers: ShownPeers
    let clock: any GatewayClock

    func handle(_ request: InboundRequest) async -> OutboundResponse {
        // Taken once: everything about this request is decided by one snapshot.
        let snapshot = self.trust.current
        let verdict = snapshot.verifyClient(certificatesDER: request.peerChain, at: self.clock.now().seconds)
        guard verdict.accepted, let peer = verdict.holder else {
            let fault = verdict.reason?.fault(for: .client) ?? .transportUntrusted
            self.ingress.refusedClient(fault)
            return .refused(fault, retryAfter: nil)
        }
        let transfer = ReceivedTransfer(
            body: request.body, contentType: request.contentType, peer: peer,
            trust: NotingVerifier(snapshot: snapshot, peers: self.peers),
            permit: request.permit as? AdmissionPermit)
        switch await self.ingress.handle(transfer) {
        case .reply(let bytes, _): return .reply(bytes)
        case .refused(let fault): return .refused(fault, retryAfter: transfer.permit?.retryAfter)
        }
    }
}
