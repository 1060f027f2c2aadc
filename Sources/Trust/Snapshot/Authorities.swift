internal import Gateway

/// The anchors and known intermediates of a set, separately for each kind of peer.
struct Authorities {
    /// A kind of peer; the raw value is its file below `anchors` and `intermediates`.
    enum Kind: String, CaseIterable {
        case clients, signers, providers, broker
        /// Whoever may seal the audit record: our own.
        case records
    }

    let anchorsPEM: [Kind: [UInt8]]
    let inventory: [InventoryEntry]
    /// Every authority in the set, whoever uses it: what a revocation list may be signed by.
    let all: [Certificate]
    private let anchors: [Kind: [Certificate]]
    private let intermediates: [Kind: [Certificate]]

    /// Reads all files and asks for those that the role needs.
    init(
        in directory: TrustDirectory, needed: [Kind], policy: TrustPolicy, at instant: Int64
    ) throws(TrustError) {
        var problems = TrustProblems()
        var anchorsPEM: [Kind: [UInt8]] = [:]
        var inventory: [InventoryEntry] = []
        func read(_ folder: String, as entry: InventoryEntry.Kind) -> [Kind: [Certificate]] {
            var found: [Kind: [Certificate]] = [:]
            for name in directory.names(in: folder) {
                let file = "\(folder)/\(name)"
                guard let kind = Kind.allCases.first(where: { "\($0.rawValue).pem" == name }) else {
                    let names = Kind.allCases.map { "\($0.rawValue).pem" }.joined(separator: ", ")
                    problems.add(file, .unexpected(allowed: names))
                    continue
                }
                found[kind] = problems.gather { () throws(TrustError) in
                    let pem = try directory.read(file)
                    let certificates = try OwnCredential.certificates(pem, file: file)
                    guard !certificates.isEmpty else { throw TrustError(file, .noCertificate) }
                    if entry == .anchor {
                        try Self.check(certificates, file: file, policy: policy, at: instant)
                        anchorsPEM[kind] = pem
                    }
                    inventory += certificates.map {
                        InventoryEntry($0.isSelfSigned ? entry : .intermediate, $0, file: file)
                    }
                    return certificates
                }
            }
            return found
        }
        self.anchors = read("anchors", as: .anchor)
        self.intermediates = read("intermediates", as: .intermediate)
        self.anchorsPEM = anchorsPEM
        self.inventory = inventory
        self.all = Kind.allCases.flatMap { [anchors, intermediates] in (anchors[$0] ?? []) + (intermediates[$0] ?? []) }
        for kind in needed where !directory.has("anchors/\(kind.rawValue).pem") {
            problems.add("anchors/\(kind.rawValue).pem", .missing)
        }
        try problems.throwIfAny()
    }

    /// Trust has to start somewhere: one expired anchor among others is no reason, all of them are.
    private static func check(
        _ anchors: [Certificate], file: String, policy: TrustPolicy, at instant: Int64
    ) throws(TrustError) {
        let starts = anchors.filter(\.isSelfSigned)
        guard !starts.isEmpty else { throw TrustError(file, .noSelfSignedAnchor) }
        guard policy.disposition(of: .validity) == .fail else { return }
        let skew = policy.clockSkewAllowance
        guard starts.contains(where: { $0.notAfter.map { instant < $0 + skew } ?? false }) else {
            throw TrustError(file, .allAnchorsExpired)
        }
    }

    /// The verifier for one kind of peer.
    func verifier(
        of kind: Kind, revocationLists: [RevocationList], answers: RevocationAnswers, policy: TrustPolicy
    ) throws(TrustError) -> CertificateVerifier {
        do throws(LibCryptoError) {
            return try CertificateVerifier(
                anchors: self.anchors[kind] ?? [], intermediates: self.intermediates[kind] ?? [],
                revocationLists: revocationLists, answers: answers, policy: policy)
        } catch {
            throw TrustError("anchors/\(kind.rawValue).pem", .unreadable(error.description))
        }
    }

    /// Anchors and intermediates of these peers.
    func certificates(of kinds: [Kind]) -> [Certificate] {
        kinds.flatMap { (self.anchors[$0] ?? []) + (self.intermediates[$0] ?? []) }
    }

    /// - Parameter revocationLists: Nil when none are needed.
    func warnings(
        for kinds: [Kind], revocationLists: [RevocationList]?, answers: RevocationAnswers, at instant: Int64
    ) -> [TrustWarning] {
        self.certificates(of: kinds).flatMap { authority -> [TrustWarning] in
            let subject = authority.identity.subject
            var warnings: [TrustWarning] = []
            if let end = authority.notAfter, end <= instant { warnings.append(.authorityExpired(subject: subject)) }
            if let revocationLists, !revocationLists.contains(where: { $0.isSigned(by: authority) }),
                !answers.hasAnswer(of: authority)
            {
                warnings.append(.noRevocationList(issuer: subject))
            }
            return warnings
        }
    }
}
