/// One thing that is wrong with a set: the file (below the set's folder) and what it is.
package struct TrustProblem: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong; subjects are those of authorities and of our own certificates.
    package enum Reason: Hashable, Sendable {
        // The set as a whole
        /// There is neither a manifest nor a link to the set in use.
        case noSet
        /// The link does not point to a numbered folder beside it.
        case noNumberedSet
        case malformedManifest(line: Int)
        /// Not in the manifest.
        case unlisted
        /// Not what the manifest says.
        case changed
        // A file
        case missing
        case unreadable(String)
        case tooLarge(limit: Int)
        case unexpected(allowed: String)
        /// A key that others than its owner may read; the file mode.
        case openPermissions(mode: UInt32)
        // Own certificates and keys
        case noCertificate
        case keyOfAnotherCertificate
        case severalKeys
        case malformedTokenURI
        case tokenUnavailable(String)
        /// A key in a token where a key file has to be.
        case tokenNotAllowed
        /// A folder that no role reads; those that it could be.
        case unknownFolder(known: String)
        case certificateNotUsable(RefusalReason)
        /// A certificate of the file is not issued by the one that follows it; counted from 1.
        case brokenChain(position: Int)
        /// A folder of own certificates of which none is valid now.
        case noneValidNow
        // Anchors and revocation lists
        case noSelfSignedAnchor
        case allAnchorsExpired
        case noRevocationList
        case revocationListExpired(issuer: String)
        case revocationListNotYetValid(issuer: String)
        case revocationListWithoutEnd(issuer: String)
        case revocationListOfUnknownIssuer(issuer: String)
        case revocationListBelowFloor(issuer: String)
        // The party register
        case parties(String)
    }

    package let file: String
    package let reason: Reason

    package init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    package var description: String { "\(self.file): \(self.sentence)" }

    private var sentence: String {
        switch self.reason {
        case .noSet: "there is no set: neither a manifest nor a link 'current'"
        case .noNumberedSet: "it has to be a link to a folder beside it whose name is a number"
        case .malformedManifest(let line): "line \(line) is not as Certificates/README.md says"
        case .unlisted: "the file is not in the manifest"
        case .changed: "the file is not the one that the manifest names"
        case .missing: "the file is missing"
        case .unreadable(let why): "the file cannot be read (\(why))"
        case .tooLarge(let limit): "the file is larger than \(limit) bytes"
        case .unexpected(let allowed): "only \(allowed) belong here"
        case .openPermissions(let mode):
            "others than the owner may use the key (mode \(String(mode, radix: 8))); chmod 600 it"
        default: self.contentSentence
        }
    }

    /// What is wrong inside a file.
    private var contentSentence: String {
        switch self.reason {
        case .noSet, .noNumberedSet, .malformedManifest, .unlisted, .changed, .missing, .unreadable, .tooLarge,
            .unexpected, .openPermissions:
            ""
        case .noCertificate: "there is no certificate in the file"
        case .keyOfAnotherCertificate: "the key does not belong to the certificate beside it"
        case .severalKeys: "there are a .key and a .uri for one certificate"
        case .malformedTokenURI: "there is not exactly one line pkcs11:… in the file"
        case .tokenUnavailable(let why): "the key in the token cannot be used (\(why))"
        case .tokenNotAllowed:
            "only keys of servers and signers may be in a token; a client needs a .key file"
        case .unknownFolder(let known): "no role reads this folder; it has to be one of \(known)"
        case .certificateNotUsable(let reason): "the certificate may not be used (\(reason.rawValue))"
        case .brokenChain(let position): "certificate \(position) is not issued by the one that follows it"
        case .noneValidNow: "there is no certificate that is valid now"
        case .noSelfSignedAnchor: "there is no self-signed certificate to start trust from"
        case .allAnchorsExpired: "every anchor has expired"
        case .noRevocationList: "there is no revocation list in the file"
        case .revocationListExpired(let issuer): "the revocation list of \(issuer) has expired"
        case .revocationListNotYetValid(let issuer): "the revocation list of \(issuer) is from the future"
        case .revocationListWithoutEnd(let issuer): "the revocation list of \(issuer) does not say when it ends"
        case .revocationListOfUnknownIssuer(let issuer):
            "no known authority signed the revocation list that names \(issuer) as its issuer"
        case .revocationListBelowFloor(let issuer): "the revocation list of \(issuer) is signed with a weak algorithm"
        case .parties(let why): why
        }
    }
}
