internal import Gateway

/// The anchors and known intermediates of a set, separately for each kind of peer.
struct Authorities {
    /// A kind of peer; the raw value is its file below `anchors` and `intermediates`.
    enum Kind: String { case clients, signers, providers }

    let anchorsPEM: [Kind: [UInt8]]
    /// Every authority in the set, whoever uses it: what a revocation list may be signed by.
    let all: [Certificate]
    private let anchors: [Kind: [Certificate]]
    private let intermediates: [Kind: [Certificate]]

    /// A role that checks nobody's certificate has none.
    static let none = Authorities()

    private init() {
        self.anchorsPEM = [:]
        self.all = []
        self.anchors = [:]
        self.intermediates = [:]
    }

    /// Reads all files; whether a role finds what it needs is for ``require(_:)``.
    init(in directory: TrustDirectory) throws(TrustError) {
        var anchorsPEM: [Kind: [UInt8]] = [:]
        var anchors: [Kind: [Certificate]] = [:]
        var intermediates: [Kind: [Certificate]] = [:]
        var all: [Certificate] = []
        for file in directory.files(in: "anchors") {
            let pem = try directory.read(file)
            let certificates = try OwnCredential.certificates(pem, file: file)
            all += certificates
            guard let kind = Kind(file: file) else { continue }
            anchorsPEM[kind] = pem
            anchors[kind] = certificates
        }
        for file in directory.files(in: "intermediates") {
            let certificates = try OwnCredential.certificates(try directory.read(file), file: file)
            all += certificates
            if let kind = Kind(file: file) { intermediates[kind] = certificates }
        }
        self.anchorsPEM = anchorsPEM
        self.anchors = anchors
        self.intermediates = intermediates
        self.all = all
    }

    /// Trust has to start somewhere for each of these peers.
    func require(_ kinds: [Kind]) throws(TrustError) {
        for kind in kinds {
            let file = "anchors/\(kind.rawValue).pem"
            guard let anchors = self.anchors[kind] else { throw TrustError(file, .missing) }
            guard !anchors.isEmpty else { throw TrustError(file, .noCertificate) }
            guard anchors.contains(where: \.isSelfSigned) else { throw TrustError(file, .noSelfSignedAnchor) }
        }
    }

    /// The verifier for one kind of peer.
    func verifier(
        of kind: Kind, revocationLists: [RevocationList], policy: TrustPolicy
    ) throws(TrustError) -> CertificateVerifier {
        do throws(LibCryptoError) {
            return try CertificateVerifier(
                anchors: self.anchors[kind] ?? [], intermediates: self.intermediates[kind] ?? [],
                revocationLists: revocationLists,
                policy: policy)
        } catch {
            throw TrustError("anchors/\(kind.rawValue).pem", .unreadable(error.description))
        }
    }

    /// Anchors and intermediates of these peers.
    func certificates(of kinds: [Kind]) -> [Certificate] {
        kinds.flatMap { (self.anchors[$0] ?? []) + (self.intermediates[$0] ?? []) }
    }

    /// - Parameter revocationLists: Nil when none are needed.
    func warnings(for kinds: [Kind], revocationLists: [RevocationList]?, at instant: Int64) -> [TrustWarning] {
        self.certificates(of: kinds).flatMap { authority -> [TrustWarning] in
            let subject = authority.identity.subject
            var warnings: [TrustWarning] = []
            if let end = authority.notAfter, end <= instant { warnings.append(.authorityExpired(subject: subject)) }
            if let revocationLists, !revocationLists.contains(where: { $0.isSigned(by: authority) }) {
                warnings.append(.noRevocationList(issuer: subject))
            }
            return warnings
        }
    }
}

extension Authorities.Kind {
    /// The kind whose file this is; others, such as the broker's anchors, are not used by verifiers.
    fileprivate init?(file: String) {
        guard let name = file.split(separator: "/").last?.dropLast(".pem".count) else { return nil }
        self.init(rawValue: String(name))
    }
}
