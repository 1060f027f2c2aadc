import Dispatch
import Foundation
import Gateway
import Trust

/// How a role gets its snapshot from the configured folder.
struct TrustSource: Sendable {
    /// Why a set was not taken, one sentence for each problem.
    struct Refusal: Error, Equatable {
        let problems: [String]

        fileprivate init(_ error: TrustError) { self.problems = error.problems.map(\.description) }
    }

    let directory: String
    let role: TrustRole
    let policy: TrustPolicy
    /// A register outside of the set, which then takes the place of the set's own.
    let partiesFile: String?
    let revocationFolder: String

    init(_ configuration: GatewayConfiguration, role: TrustRole, directory: String? = nil) {
        self.directory = directory ?? configuration.files.certificates
        self.role = role
        self.policy = configuration.trust
        self.partiesFile = configuration.files.parties
        self.revocationFolder = configuration.files.revocation
    }

    var files: TrustFiles { TrustFiles(directory: self.directory, revocationFolder: self.revocationFolder) }

    /// Loads and checks the whole set.
    func load(at instant: Int64) throws(Refusal) -> TrustSnapshot {
        do throws(TrustError) {
            return try TrustSnapshot.load(
                directory: self.directory, role: self.role, policy: self.policy,
                revocationFolder: self.revocationFolder, at: instant, parties: self.parties)
        } catch {
            throw Refusal(error)
        }
    }

    /// - Parameter bytes: the set's own register.
    private func parties(_ bytes: [UInt8]) throws -> PartyRegister {
        if let partiesFile { return try PartiesFile.load(partiesFile) }
        return try PartiesFile.read(bytes)
    }

    /// The same on a thread of its own: a large revocation list takes a second to read, and requests go on meanwhile.
    func loadAside(at instant: Int64) async -> Result<TrustSnapshot, Refusal> {
        await Self.aside { () throws(Refusal) in try self.load(at: instant) }
    }

    /// The set of `snapshot` with the revocation lists that have been fetched since.
    func fetchedAside(_ snapshot: TrustSnapshot, at instant: Int64) async -> Result<TrustSnapshot, Refusal> {
        await Self.aside { () throws(Refusal) in
            do throws(TrustError) {
                return try snapshot.withRevocation(folder: self.revocationFolder, at: instant)
            } catch {
                throw Refusal(error)
            }
        }
    }

    private static func aside(
        _ load: @escaping @Sendable () throws(Refusal) -> TrustSnapshot
    ) async -> Result<TrustSnapshot, Refusal> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async { continuation.resume(returning: Result(catching: load)) }
        }
    }
}
