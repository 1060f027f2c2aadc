import AMQP

/// The names of a queue that only one process reads, and the decision when the next one counts.
///
/// A classic queue lives on one node of a cluster. While that is down nobody can declare or consume it and nothing is
/// routed to it; its process, which has gone on to another node, would be without a queue until the node returns. So it
/// takes one with a new name. What is still sent to the old name comes back to its publisher, and that queue goes
/// by its expiry. Pure.
struct QueueNames {
    let first: String
    private var moves = 0

    init(_ first: String) { self.first = first }

    /// The name that counts.
    var current: String { GatewayTopology.replyQueue(self.first, moves: self.moves) }

    /// Takes the next name when the refusal says that the current queue's node is away.
    ///
    /// A refusal of an earlier name comes from a connection that had not heard of a move: no reason for another.
    ///
    /// - Returns: true when another name than the refused one counts now.
    mutating func move(after refusal: AMQPError) -> Bool {
        if Self.isHomeAway(refusal, of: self.current) {
            self.moves += 1
            return true
        }
        return (0..<self.moves).contains {
            Self.isHomeAway(refusal, of: GatewayTopology.replyQueue(self.first, moves: $0))
        }
    }

    /// RabbitMQ's answer to queue.declare and basic.consume while the node of a classic queue is down.
    ///
    /// 404 is also the answer when there is no such queue, so its sentence decides:
    /// `NOT_FOUND - home node 'a@b' of durable queue 'q' in vhost '/' is down or inaccessible`. Only its beginning,
    /// since a reply text is cut off after 255 bytes.
    static func isHomeAway(_ refusal: AMQPError, of queue: String) -> Bool {
        guard refusal.code == .requestRefused, refusal.replyCode == 404, let detail = refusal.detail else {
            return false
        }
        return detail.contains("home node '") && detail.contains(" of durable queue '\(queue)'")
    }
}
