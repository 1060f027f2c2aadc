/// Content whose signature has been checked: the proof that the later stages ask for.
///
/// There is one way to make one, and it is easy to find: ``asserted(_:signedBy:)``.
package struct Verified<Content: Sendable>: Sendable {
    /// Exactly the bytes (or what was read from them) that the signature covers.
    package let content: Content
    package let signer: CertificateIdentity

    private init(content: Content, signer: CertificateIdentity) {
        self.content = content
        self.signer = signer
    }

    /// States that `content` was covered by a valid signature of `signer`; only a verifier may say so.
    package static func asserted(_ content: Content, signedBy signer: CertificateIdentity) -> Self {
        Self(content: content, signer: signer)
    }
}
