import Gateway
import HTTPIngress
import SHS

/// Hands a request from the HTTPS endpoint to the ingress stages and its outcome back.
struct IngressHandler: RequestHandling {
    let ingress: Ingress
    let verifier: any MessageVerifying
    let clock: any GatewayClock

    func handle(_ request: InboundRequest) async -> OutboundResponse {
        guard let peer = self.verifier.identifyClient(request.peerChain, at: self.clock.now().seconds) else {
            return .refused(.transportUntrusted, retryAfter: nil)
        }
        let transfer = ReceivedTransfer(body: request.body, contentType: request.contentType, peer: peer)
        switch await self.ingress.handle(transfer) {
        case .reply(let bytes, _): return .reply(bytes)
        case .refused(let fault): return .refused(fault, retryAfter: nil)
        }
    }
}
