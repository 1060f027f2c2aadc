import Gateway
import GatewayFixtures
import InMemoryTransport
import SSBTEK
import ServiceLifecycle
import Synchronization

/// One process of the world, from its start to its end: a role, its tasks, its connection and its clock.
///
/// A process that is killed is not stopped: its connection is cut first, so that whatever its tasks still do has no effect.
final class SimulatedProcess: Sendable {
    enum Role: Sendable {
        case ingress(Ingress, InMemoryIngressTransport)
        case worker(InMemoryWorkerTransport)
        case correlator(Correlator, InMemoryCorrelatorTransport)
    }

    /// Its place in the world, and how often it has been filled: `correlator-0.2`.
    let name: String
    let role: Role
    let clock: SkewedClock
    let executor: SimulatedExecutor
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let running = Mutex(0)

    init(name: String, role: Role, clock: SkewedClock, executor: SimulatedExecutor) {
        self.name = name
        self.role = role
        self.clock = clock
        self.executor = executor
    }

    /// How many of its tasks have not ended.
    var taskCount: Int { self.running.withLock { $0 } }

    @discardableResult
    func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        self.running.withLock { $0 += 1 }
        let task = Task(executorPreference: self.executor) {
            await work()
            self.running.withLock { $0 -= 1 }
        }
        self.tasks.withLock { $0.append(task) }
        return task
    }

    /// As by kill -9.
    func kill(keepingQueue: Bool = false) {
        switch self.role {
        case .ingress(_, let transport): transport.cut(keepingQueue: keepingQueue)
        case .worker(let transport): transport.cut()
        case .correlator(_, let transport): transport.cut()
        }
        for task in self.tasks.withLock({ $0 }) { task.cancel() }
    }

    /// As by SIGTERM, once nobody waits for it.
    func close() {
        switch self.role {
        case .ingress(_, let transport): transport.close()
        case .worker(let transport): transport.close()
        case .correlator(_, let transport): transport.close()
        }
    }

    func loseConnection() {
        switch self.role {
        case .ingress(_, let transport): transport.loseConnection()
        case .worker(let transport): transport.loseConnection()
        case .correlator(_, let transport): transport.loseConnection()
        }
    }

    func restoreConnection() {
        switch self.role {
        case .ingress(_, let transport): transport.restoreConnection()
        case .worker(let transport): transport.restoreConnection()
        case .correlator(_, let transport): transport.restoreConnection()
        }
    }

    var ingress: Ingress? { if case .ingress(let ingress, _) = self.role { ingress } else { nil } }
    var correlator: Correlator? { if case .correlator(let correlator, _) = self.role { correlator } else { nil } }
    var replyAddress: ReplyAddress? {
        if case .ingress(_, let transport) = self.role { transport.replyAddress } else { nil }
    }
}
