import Crypto
import Glibc

/// How an epoch lies on disk: its times and its key, in 84 bytes.
///
///     4 bytes   "SHSK"
///     16 bytes  the start of the machine that the times are counted from
///     8 bytes   made, milliseconds, most significant byte first
///     8 bytes   seals until, the same
///     32 bytes  the key
///     16 bytes  the first of SHA-256 over all that: a file that is being overwritten is not taken for a key
enum EpochFile {
    static let headerCount = 36
    static let keyCount = 32
    static let checkedCount = headerCount + keyCount
    static let count = checkedCount + 16
    private static let magic: [UInt8] = Array("SHSK".utf8)

    /// What the first bytes say.
    enum Header: Equatable {
        case epoch(made: Duration, sealsUntil: Duration, boot: [UInt8])
        /// All zero: a process was ended between overwriting and removing the file.
        case overwritten
    }

    static func header(made: Duration, sealsUntil: Duration, boot: [UInt8]) -> [UInt8] {
        self.magic + boot + self.bytes(made) + self.bytes(sealsUntil)
    }

    static func header(_ bytes: [UInt8]) -> Header? {
        guard bytes.count == self.headerCount else { return nil }
        if bytes.allSatisfy({ $0 == 0 }) { return .overwritten }
        guard bytes.starts(with: self.magic) else { return nil }
        return .epoch(
            made: self.duration(bytes[20..<28]), sealsUntil: self.duration(bytes[28..<36]), boot: Array(bytes[4..<20]))
    }

    /// The check over header and key.
    static func check(_ file: UnsafeRawBufferPointer) -> [UInt8] {
        Array(unsafe SHA256.hash(data: UnsafeRawBufferPointer(rebasing: file[..<Self.checkedCount])).prefix(16))
    }

    private static func bytes(_ duration: Duration) -> [UInt8] {
        let milliseconds =
            duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        return stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: milliseconds >> Int64($0)) }
    }

    /// Capped, so that no file can make the arithmetic overflow.
    private static func duration(_ bytes: ArraySlice<UInt8>) -> Duration {
        .milliseconds(Int64(min(bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }, UInt64(1) << 50)))
    }
}
