import Gateway
import GatewayFixtures
import SSBTEK
import Synchronization

/// What all worlds share because it never changes: the contract is read once.
enum SharedFixtures {
    static let questions: QuestionReader = Self.made { try QuestionFixture.reader() }
    static let intake: Intake = Self.made { try RequestFixture.intake() }

    /// What cannot fail with the fixtures' own values.
    static func made<Part>(_ make: () throws -> Part) -> Part {
        do {
            return try make()
        } catch {
            preconditionFailure("the project's own contract and profile can be read: \(error)")
        }
    }
}

/// Transaction identities from the seed, in the order in which they are asked for.
final class SeededIdentities: Sendable {
    private let generator: Mutex<SeededGenerator>

    init(seed: UInt64) {
        self.generator = Mutex(SeededGenerator(seed: seed))
    }

    func next() -> TransactionID { self.generator.withLock { TransactionID(using: &$0) } }
}
