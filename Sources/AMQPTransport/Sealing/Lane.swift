package import SSBTEK

/// Who can open a payload: one key per lane and epoch, so that a worker reads only its own provider's items.
package enum Lane: Hashable, Sendable {
    case manifest
    case work(Provider)
    case answer(Provider)
    case reply

    /// The lane's name: a folder of the keyring, and part of the associated data.
    package var name: String {
        switch self {
        case .manifest: "manifest"
        case .work(let provider): "work.\(provider.rawValue)"
        case .answer(let provider): "answer.\(provider.rawValue)"
        case .reply: "reply"
        }
    }

    package static var all: [Lane] {
        [.manifest, .reply] + Provider.allCases.flatMap { [.work($0), .answer($0)] }
    }
}
