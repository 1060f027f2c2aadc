package import Gateway

extension TrustSnapshot {
    /// Loads and checks the whole of a set that the role may read: as Certificates/README.md says.
    ///
    /// - Parameters:
    ///   - directory: A folder of sets with a link `current`, or one set.
    ///   - revocationFolder: Where fetched revocation lists are kept.
    ///   - instant: Seconds since 1970 (UTC) at which everything must be valid.
    ///   - parties: Reads the party register from the bytes of `parties.yaml`; asked in roles that serve clients.
    /// - Throws: Everything that is wrong with the set.
    package static func load(
        directory: String, role: TrustRole, policy: TrustPolicy = TrustPolicy(), revocationFolder: String? = nil,
        at instant: Int64, parties: ([UInt8]) throws -> PartyRegister
    ) throws(TrustError) -> TrustSnapshot {
        try Self.load(
            directory, role: role, policy: policy, revocationFolder: revocationFolder, at: instant
        ) { files throws(TrustError) in
            let bytes = try files.read(TrustParts.partiesFile)
            do {
                return try parties(bytes)
            } catch {
                throw TrustError(TrustParts.partiesFile, .parties("\(error)"))
            }
        }
    }

    /// The same with a party register from elsewhere.
    package static func load(
        directory: String, role: TrustRole, parties: PartyRegister, policy: TrustPolicy = TrustPolicy(),
        revocationFolder: String? = nil, at instant: Int64
    ) throws(TrustError) -> TrustSnapshot {
        try Self.load(
            directory, role: role, policy: policy, revocationFolder: revocationFolder, at: instant
        ) { _ throws(TrustError) in parties }
    }

    private static func load(
        _ directory: String, role: TrustRole, policy: TrustPolicy, revocationFolder: String?, at instant: Int64,
        parties: (TrustDirectory) throws(TrustError) -> PartyRegister
    ) throws(TrustError) -> TrustSnapshot {
        let (parts, lists) = try TrustParts.load(
            CertificateSetLocation(in: directory), role: role, policy: policy, revocationFolder: revocationFolder,
            at: instant, parties: parties)
        return try TrustSnapshot(parts, lists: lists, answers: parts.answers(lists, at: instant), at: instant)
    }
}
