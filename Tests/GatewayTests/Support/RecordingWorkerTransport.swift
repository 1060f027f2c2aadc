import Gateway
import SSBTEK
import Synchronization

/// The worker's port for tests: keeps what was published, or refuses it.
final class RecordingWorkerTransport: WorkerTransport {
    private let state = Mutex((error: TransportError?.none, answers: [ProviderAnswer]()))

    var answers: [ProviderAnswer] { self.state.withLock { $0.answers } }

    init(failing error: TransportError? = nil) {
        self.state.withLock { $0.error = error }
    }

    func receiveWork(
        for provider: Provider, concurrency: Int, _ handler: @escaping @Sendable (WorkItem) async -> WorkDisposition
    ) async throws {}

    func publish(_ answer: ProviderAnswer) async throws(TransportError) {
        let error = self.state.withLock { state in
            if state.error == nil { state.answers.append(answer) }
            return state.error
        }
        if let error { throw error }
    }
}
