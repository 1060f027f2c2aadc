import AMQPTransport
import Crypto
import Foundation
import Gateway
import SSBTEK

/// Sealed payloads as they lie on a broker's disk, and whether some keys open them.
///
/// Takes from the disk what anybody could take who has stolen it, and knows what such a person could know: the form of
/// envelopes, and that transaction ids stand in the clear beside them.
package struct SealedRemains: Sendable {
    /// An envelope, and the ids that stand before it in the file.
    struct Remain: Hashable {
        let envelope: [UInt8]
        let transactions: [String]
    }

    /// A key of the keyring, as its file holds it.
    package struct Key: Sendable {
        let lane: Lane
        let epoch: String
        let key: SymmetricKey

        package var name: String { "\(self.lane.name)/\(self.epoch)" }
    }

    private let remains: Set<Remain>

    /// How many different envelopes there are.
    package var count: Int { self.remains.count }

    /// Reads every file below a folder.
    package init(on folder: String) {
        var remains = Set<Remain>()
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for name in names {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            remains.formUnion(Self.found(in: Array(bytes)))
        }
        self.remains = remains
    }

    private init(_ remains: Set<Remain>) { self.remains = remains }

    package func union(_ other: SealedRemains) -> SealedRemains { SealedRemains(self.remains.union(other.remains)) }

    /// All keys that are in a keyring now.
    package static func keys(in keyring: String) -> [Key] {
        Lane.all.flatMap { lane -> [Key] in
            let folder = "\(keyring)/\(lane.name)"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.compactMap { name in
                guard let file = FileManager.default.contents(atPath: "\(folder)/\(name)"), file.count == 84 else {
                    return nil
                }
                return Key(lane: lane, epoch: name, key: SymmetricKey(data: file[36..<68]))
            }
        }
    }

    /// Of how many envelopes one of the keys opens, under any context that they can have.
    ///
    /// - Parameter questions: the largest number of questions that a message had.
    package func opened(by keys: [Key], questions: Int) -> Int {
        self.remains.count { remain in
            keys.contains { key in
                remain.transactions.contains { transaction in
                    ([nil] + (0..<questions).map(Optional.some)).contains { question in
                        let context = SealingContext(
                            lane: key.lane, transaction: TransactionID(transaction), question: question)
                        return (try? Envelope.open(remain.envelope, for: context, key: key.key)) != nil
                    }
                }
            }
        }
    }

    // MARK: Files of the broker

    /// A binary of Erlang's external term format, tag 109 and four bytes of length, that begins as an envelope; as far as classic
    /// queues, quorum queues' segments and their write-ahead log keep messages.
    static func found(in bytes: [UInt8]) -> Set<Remain> {
        var remains = Set<Remain>()
        let magic = Array("SHS1".utf8)
        var index = 0
        while let place = bytes[index...].firstIndex(of: magic[0]) {
            index = place + 1
            guard place >= 5, place + 4 <= bytes.count, bytes[place..<place + 4].elementsEqual(magic),
                bytes[place - 5] == 109
            else { continue }
            let count = bytes[place - 4..<place].reduce(0) { $0 << 8 | Int($1) }
            guard count > 40, place + count <= bytes.count else { continue }
            let nearby =
                Array(bytes[max(0, place - 2_000)..<place])
                + Array(bytes[place + count..<min(bytes.count, place + count + 2_000)])
            let transactions = Set(Self.identifiers(in: nearby))
            remains.insert(
                Remain(envelope: Array(bytes[place..<place + count]), transactions: transactions.sorted()))
            index = place + count
        }
        return remains
    }

    /// Runs of exactly 32 hexadecimal digits.
    private static func identifiers(in bytes: [UInt8]) -> [String] {
        var found: [String] = []
        var run: [UInt8] = []
        for byte in bytes + [0] {
            if (48...57).contains(byte) || (97...102).contains(byte) {
                run.append(byte)
            } else {
                if run.count == 32 { found.append(String(decoding: run, as: UTF8.self)) }
                // A length of one byte before it may look like a digit.
                if run.count == 33 { found.append(String(decoding: run.dropFirst(), as: UTF8.self)) }
                run = []
            }
        }
        return found
    }
}
