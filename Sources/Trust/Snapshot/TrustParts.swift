internal import Gateway

/// What a set on disk holds for one role, read and checked; with revocation lists it becomes a snapshot.
struct TrustParts: Sendable {
    let directory: TrustDirectory
    let number: Int
    let role: TrustRole
    let policy: TrustPolicy
    let parties: PartyRegister
    let own: OwnCredentialSet
    let authorities: Authorities
    let setLists: SetLists

    static let partiesFile = "parties.yaml"

    /// The set and its lists, or everything that is wrong with them.
    static func load(
        _ location: CertificateSetLocation, role: TrustRole, policy: TrustPolicy, revocationFolder: String?,
        at instant: Int64, parties: (TrustDirectory) throws(TrustError) -> PartyRegister
    ) throws(TrustError) -> (parts: TrustParts, lists: RevocationLists) {
        let directory = try TrustDirectory(path: location.path, isOwn: role.mayOpen)
        var problems = TrustProblems()
        let own = problems.gather { () throws(TrustError) in
            try OwnCredentialSet(in: directory, role: role, policy: policy, at: instant)
        }
        let authorities = problems.gather { () throws(TrustError) in
            try Authorities(in: directory, needed: role.peers, policy: policy, at: instant)
        }
        let register = problems.gather { () throws(TrustError) in
            role.servesClients ? try parties(directory) : PartyRegister()
        }
        let lists = authorities.flatMap { authorities in
            problems.gather { () throws(TrustError) in
                guard Self.needsLists(role, policy) else { return SetLists.none }
                return try SetLists(in: directory, for: role.peers, authorities: authorities)
            }
        }
        if let own, let authorities, let register, let lists {
            let parts = TrustParts(
                directory: directory, number: location.number, role: role, policy: policy, parties: register, own: own,
                authorities: authorities, setLists: lists)
            let current = parts.lists(revocationFolder.map { FetchedLists(folder: $0) } ?? .none, at: instant)
            for problem in current.problems { problems.add(problem.file, problem.reason) }
            if problems.found.isEmpty { return (parts, current) }
        }
        throw TrustError(problems.found)
    }

    /// The lists to decide with, from the set and from what was fetched.
    func lists(_ fetched: FetchedLists, at instant: Int64) -> RevocationLists {
        guard Self.needsLists(self.role, self.policy) else { return .none }
        return RevocationLists(
            self.setLists, fetched: fetched, needed: self.authorities.certificates(of: self.role.peers),
            policy: self.policy, at: instant)
    }

    /// The OCSP answers that are kept beside the fetched lists.
    func answers(_ lists: RevocationLists, previous: RevocationAnswers = .none, at instant: Int64) -> RevocationAnswers
    {
        guard Self.needsLists(self.role, self.policy), let folder = lists.fetched.folder else { return .none }
        return RevocationAnswers(
            folder: "\(folder)/\(RevocationAnswers.folderName)",
            authorities: self.authorities.certificates(of: self.role.peers), lists: lists.lists, policy: self.policy,
            at: instant, previous: previous)
    }

    private static func needsLists(_ role: TrustRole, _ policy: TrustPolicy) -> Bool {
        policy.requiresRevocation && !role.peers.isEmpty
    }
}
