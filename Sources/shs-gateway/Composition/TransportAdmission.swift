import Gateway
import HTTPIngress

/// The first admission of a request: by the certificate of its client, before its body is read.
struct TransportAdmission: RequestAdmitting {
    let admission: Admission
    let clients: KnownClients

    func admit(_ client: [[UInt8]]) -> RequestAdmittance {
        switch self.admission.enter(self.clients.client(client).parties) {
        case .entered(let permit): .admitted(permit)
        case .refused(let time): .refused(retryAfter: time)
        }
    }
}

extension AdmissionPermit: RequestPermit {}
