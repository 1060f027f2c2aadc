import Gateway
import Synchronization

/// A key that is away for the first so many signatures.
final class AbsentSigner: MessageSigning {
    private struct Away: SigningProblem {
        let mayPass = true
    }

    private let failures: Int
    private let count = Mutex(0)

    var attempts: Int { self.count.withLock { $0 } }

    init(failures: Int) {
        self.failures = failures
    }

    func sign(_ content: [UInt8]) throws -> [UInt8] {
        let attempt = self.count.withLock { count in
            count += 1
            return count
        }
        if attempt <= self.failures { throw Away() }
        return [0x30, 0x00]
    }
}
