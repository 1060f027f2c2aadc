import NIOCore
import NIOSSL
import Synchronization

/// A ``DelegatedKey`` as swift-nio-ssl needs it: the event loop goes on while whoever has the key signs.
final class DelegatedPrivateKey: NIOSSLCustomPrivateKey, Hashable {
    let signatureAlgorithms: [SignatureAlgorithm]
    private let key: DelegatedKey
    private let waiting = Atomic(0)

    /// Handshakes that wait for their signature: more would wait longer than clients do.
    private static let maximumWaiting = 256

    /// - Parameter allowed: What the server may sign with; the key's order counts.
    init(_ key: DelegatedKey, allowed: [SignatureAlgorithm]) throws(DelegatedKeyError) {
        self.key = key
        self.signatureAlgorithms = key.algorithms.map(SignatureAlgorithm.init(rawValue:)).filter(allowed.contains)
        if self.signatureAlgorithms.isEmpty { throw .noCommonAlgorithm }
    }

    func sign(channel: any Channel, algorithm: SignatureAlgorithm, data: ByteBuffer) -> EventLoopFuture<ByteBuffer> {
        guard self.waiting.add(1, ordering: .relaxed).newValue <= Self.maximumWaiting else {
            self.waiting.subtract(1, ordering: .relaxed)
            return channel.eventLoop.makeFailedFuture(DelegatedKeyError.tooManyWaiting)
        }
        return channel.eventLoop.makeFutureWithTask {
            defer { self.waiting.subtract(1, ordering: .relaxed) }
            return ByteBuffer(bytes: try await self.key.sign(algorithm.rawValue, Array(data.readableBytesView)))
        }
    }

    /// RSA key exchange, which no cipher of ours has.
    func decrypt(channel: any Channel, data: ByteBuffer) -> EventLoopFuture<ByteBuffer> {
        channel.eventLoop.makeFailedFuture(DelegatedKeyError.decryption)
    }

    static func == (one: DelegatedPrivateKey, other: DelegatedPrivateKey) -> Bool { one === other }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

enum DelegatedKeyError: Error {
    /// The key can do nothing that the server may sign with.
    case noCommonAlgorithm
    case tooManyWaiting
    case decryption
}
