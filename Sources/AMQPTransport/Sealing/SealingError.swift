/// A payload could not be sealed or opened; says nothing about its content.
package enum SealingError: Error, Equatable, CustomStringConvertible {
    /// The keyring folder cannot be read or written.
    case keyringUnusable(path: String, errno: Int32)
    /// A key file has not exactly 32 bytes, or others may read it.
    case malformedKey(lane: String, epoch: String)
    /// No key of this lane and epoch exists (any more).
    case unknownEpoch(lane: String)
    /// Not an envelope, or not sealed for this transaction, lane, question and epoch.
    case notAuthentic

    package var description: String {
        switch self {
        case .keyringUnusable(let path, let errno): "sealing: the keyring \(path) cannot be used (errno \(errno))"
        case .malformedKey(let lane, let epoch): "sealing: the key of lane \(lane), epoch \(epoch), is not usable"
        case .unknownEpoch(let lane): "sealing: lane \(lane) has no key of that epoch"
        case .notAuthentic: "sealing: the payload is not authentic"
        }
    }
}
