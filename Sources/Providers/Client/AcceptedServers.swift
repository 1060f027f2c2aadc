internal import Synchronization

/// The certificates (DER) of the servers that a pool's connections were made to.
final class AcceptedServers: Sendable {
    /// An address has a few servers behind it; beyond this the memory begins anew.
    private static let capacity = 64

    private let certificates = Mutex<Set<[UInt8]>>([])

    var all: Set<[UInt8]> { self.certificates.withLock { $0 } }

    func insert(_ certificate: [UInt8]) {
        self.certificates.withLock { certificates in
            if certificates.count >= Self.capacity { certificates.removeAll() }
            certificates.insert(certificate)
        }
    }
}
