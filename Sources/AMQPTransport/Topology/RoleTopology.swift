import AMQP
import Logging
import Observability
import Synchronization

/// What one process declares: its own queue, when it has one, under the name that counts at this moment.
final class RoleTopology: TopologySource {
    /// The new name takes the place of the old one.
    struct Move: Sendable, Equatable {
        let from: String
        let to: String
    }

    /// Every move in order, until ``end()``.
    let moves: AsyncStream<Move>
    private let continuation: AsyncStream<Move>.Continuation
    private let base: Topology
    private let names = Mutex<QueueNames?>(nil)

    init(_ base: Topology) {
        self.base = base
        (self.moves, self.continuation) = AsyncStream.makeStream()
    }

    /// From here on that queue may get another name, see ``QueueNames``; `base` declares it.
    func own(_ queue: String) { self.names.withLock { $0 = QueueNames(queue) } }

    /// The name that counts for a queue; of one that is not this process's own there is only one.
    func name(of queue: String) -> String {
        self.names.withLock { names in
            guard let names, names.first == queue else { return queue }
            return names.current
        }
    }

    var current: Topology {
        var topology = self.base
        for index in topology.queues.indices {
            topology.queues[index].name = self.name(of: topology.queues[index].name)
        }
        return topology
    }

    func hasSuccessor(after refusal: AMQPError) -> Bool {
        // Told under the lock, so that moves come in their order.
        let (isReplaced, move) = self.names.withLock { names -> (Bool, Move?) in
            guard let old = names?.current, names?.move(after: refusal) == true else { return (false, nil) }
            guard let new = names?.current, new != old else { return (true, nil) }
            let move = Move(from: old, to: new)
            self.continuation.yield(move)
            return (true, move)
        }
        if let move {
            Logger.gateway.warning(
                "The node of this process's queue is away, another queue takes its place",
                metadata: [LogKeys.queue: .string(move.to)])
        }
        return isReplaced
    }

    /// No move is told of any more.
    func end() { self.continuation.finish() }
}
