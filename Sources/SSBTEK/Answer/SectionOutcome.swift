/// What one base service contributes to the answer.
package enum SectionOutcome: Sendable, Equatable, Redacted {
    /// The complete `<s:data>` element, which declares all it needs; the base service's bytes are in it unchanged.
    case data([UInt8])
    case error(ProviderError)

    package var description: String {
        switch self {
        case .data(let bytes): "data, \(bytes.count) bytes"
        case .error(let error): "error, \(error)"
        }
    }
}
