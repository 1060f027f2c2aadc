import HTTPIngress
import Trust

extension ServerKey {
    /// The key of a credential: its text, or signatures by its token.
    init(_ credential: OwnCredential) {
        guard let token = credential.tokenKey else {
            self = .pem(credential.keyPEM)
            return
        }
        self = .delegated(
            DelegatedKey(algorithms: token.schemes.map(\.rawValue)) { algorithm, data in
                guard let scheme = SignatureScheme(rawValue: algorithm) else { throw UnknownScheme() }
                return try await token.sign(data, scheme: scheme)
            })
    }

    private struct UnknownScheme: Error {}
}
