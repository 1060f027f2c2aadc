package import Crypto

/// A sealed payload as it lies in the broker: `SHS1`, the epoch, then AES-256-GCM's nonce, ciphertext and tag.
///
///     4 bytes  "SHS1"
///     1 byte   length of the epoch's name
///     n bytes  the epoch's name, ASCII
///     12 bytes nonce, random
///     rest     ciphertext, then 16 bytes tag
package enum Envelope {
    private static let magic: [UInt8] = Array("SHS1".utf8)

    /// Seals `payload` for a context with the key of an epoch.
    package static func seal(
        _ payload: [UInt8], for context: SealingContext, epoch: String, key: SymmetricKey
    ) throws(SealingError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(payload, using: key, authenticating: context.associatedData(epoch: epoch))
            var bytes = Self.magic
            bytes.reserveCapacity(payload.count + 64)
            bytes.append(UInt8(epoch.utf8.count))
            bytes.append(contentsOf: epoch.utf8)
            bytes.append(contentsOf: box.nonce)
            bytes.append(contentsOf: box.ciphertext)
            bytes.append(contentsOf: box.tag)
            return bytes
        } catch {
            throw .notAuthentic
        }
    }

    /// The epoch that an envelope names; it is only a hint until the tag has been checked.
    package static func epoch(of envelope: [UInt8]) throws(SealingError) -> String {
        guard envelope.starts(with: Self.magic), envelope.count > 5, envelope.count >= 5 + Int(envelope[4]) else {
            throw .notAuthentic
        }
        guard let epoch = String(validating: envelope[5..<5 + Int(envelope[4])], as: UTF8.self) else {
            throw .notAuthentic
        }
        return epoch
    }

    /// Opens an envelope under the context that its headers claim.
    package static func open(
        _ envelope: [UInt8], for context: SealingContext, key: SymmetricKey
    ) throws(SealingError) -> [UInt8] {
        let epoch = try Self.epoch(of: envelope)
        do {
            let box = try AES.GCM.SealedBox(combined: envelope[(5 + epoch.utf8.count)...])
            return Array(try AES.GCM.open(box, using: key, authenticating: context.associatedData(epoch: epoch)))
        } catch {
            throw .notAuthentic
        }
    }
}
