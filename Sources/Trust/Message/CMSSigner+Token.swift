/// The same signature, made by a key that libcrypto does not have.
extension CMSSigner {
    func signature(over content: [UInt8], token: TokenKey) throws(SigningError) -> [UInt8] {
        let draft = try SignatureDraft(of: self, over: content, token: token)
        let signature: [UInt8]
        do throws(TokenError) {
            signature = try token.signature(over: draft.attributes, scheme: draft.scheme)
        } catch {
            throw .token(error)
        }
        return try draft.finished(with: signature)
    }

    /// A signature over exactly these bytes; holds no thread while a token works.
    ///
    /// A key in memory signs at once, where the caller runs.
    package func sign(_ content: [UInt8]) async throws(SigningError) -> [UInt8] {
        guard let token = self.key.token else { return try self.signature(over: content) }
        let draft = try SignatureDraft(of: self, over: content, token: token)
        let signature: [UInt8]
        do throws(TokenError) {
            signature = try await token.sign(draft.attributes, scheme: draft.scheme)
        } catch {
            throw .token(error)
        }
        return try draft.finished(with: signature)
    }
}
