/// The keys of a snapshot that are in tokens, and whether they can be used.
extension TrustSnapshot {
    /// Looks for the tokens that are gone, each when its next look is due: so they are found again also when nobody asks
    /// for signatures.
    package func lookForLostTokens() async {
        for (_, key) in self.tokenKeys { await key.lookIfLost() }
    }

    /// The own certificates whose keys cannot be used now, one sentence each; empty when nothing is known against any.
    package var lostKeys: [String] {
        self.tokenKeys.compactMap { file, key in
            key.loss.map { TrustProblem(file: file, reason: .tokenUnavailable($0.description)).description }
        }
    }

    private var tokenKeys: [(file: String, key: TokenKey)] {
        let own = self.parts.own
        return (own.server.all + own.replySigner.all + own.recordSigner.all).compactMap { credential in
            credential.tokenKey.map { (credential.file, $0) }
        }
    }
}
