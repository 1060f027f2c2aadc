import AMQP
import Testing

@testable import AMQPTransport

struct QueueNamesTests {
    private static func refusal(
        _ queue: String, node: String = "rabbit@a", _ code: AMQPError.Code = .requestRefused, replyCode: Int = 404
    ) -> AMQPError {
        AMQPError(
            code, operation: "queue.declare", replyCode: replyCode,
            detail: "NOT_FOUND - home node '\(node)' of durable queue '\(queue)' in vhost '/' is down or inaccessible")
    }

    /// As the connections tell it, one after the other.
    private static func moves(_ names: inout QueueNames, _ refusals: AMQPError...) -> [Bool] {
        refusals.map { names.move(after: $0) }
    }

    @Test func `a queue whose node is away gets another name, and that one another`() {
        var names = QueueNames("shs.reply.x")
        #expect(names.current == "shs.reply.x")
        #expect(Self.moves(&names, Self.refusal("shs.reply.x")) == [true])
        #expect(names.current == "shs.reply.x.1")
        #expect(Self.moves(&names, Self.refusal("shs.reply.x.1")) == [true])
        #expect(names.current == "shs.reply.x.2")
    }

    @Test func `a connection that comes late with an earlier name is sent to the one that counts`() {
        var names = QueueNames("shs.reply.x")
        let refusal = Self.refusal("shs.reply.x")
        #expect(Self.moves(&names, refusal, refusal, refusal) == [true, true, true])
        #expect(names.current == "shs.reply.x.1")
        for _ in 0..<11 { #expect(Self.moves(&names, Self.refusal(names.current)) == [true]) }
        let late = [Self.refusal("shs.reply.x.1"), Self.refusal("shs.reply.x.11")]
        #expect(Self.moves(&names, late[0], late[1]) == [true, true])
        #expect(names.current == "shs.reply.x.12")
    }

    @Test func `nothing else is a reason for another name`() {
        var names = QueueNames("shs.reply.x")
        let noQueue = "NOT_FOUND - no queue 'shs.reply.x' in vhost '/'"
        let arguments = "PRECONDITION_FAILED - inequivalent arg 'x-expires' for queue 'shs.reply.x' in vhost '/'"
        let refusals = [
            Self.refusal("shs.reply.y"), Self.refusal("shs.reply.x.1"), Self.refusal("shs.reply"),
            Self.refusal("shs.reply.x", .connectionLost), Self.refusal("shs.reply.x", replyCode: 405),
            AMQPError(.requestRefused, operation: "basic.consume", replyCode: 404, detail: noQueue),
            AMQPError(.requestRefused, operation: "queue.declare", replyCode: 406, detail: arguments),
            AMQPError(.requestRefused, operation: "queue.declare", replyCode: 404), AMQPError(.timedOut, operation: ""),
        ]
        for refusal in refusals { #expect(Self.moves(&names, refusal) == [false], "\(refusal)") }
        #expect(names.current == "shs.reply.x")
    }

    @Test func `a sentence that the broker cut off after 255 bytes is understood`() {
        var names = QueueNames("shs.reply.x")
        var refusal = Self.refusal("shs.reply.x", node: "rabbit@" + String(repeating: "a", count: 170))
        refusal.detail = refusal.detail.map { String($0.prefix(252)) + "..." }
        #expect(refusal.detail?.contains("inaccessible") == false)
        #expect(Self.moves(&names, refusal) == [true])
    }

    @Test func `a role declares its own queue under the name that counts, and all else as it was`() async {
        let own = QueueDeclaration(name: "shs.reply.x", kind: .classic, expires: .seconds(60))
        let topology = RoleTopology(Topology(queues: [QueueDeclaration(name: "shs.dead"), own]))
        #expect(!topology.hasSuccessor(after: Self.refusal("shs.reply.x")))
        topology.own("shs.reply.x")
        let before = topology.current
        #expect(!topology.hasSuccessor(after: Self.refusal("shs.dead")))
        #expect(topology.current == before)
        for _ in 0..<2 { #expect(topology.hasSuccessor(after: Self.refusal("shs.reply.x"))) }
        var moved = own
        moved.name = "shs.reply.x.1"
        #expect(topology.current == Topology(queues: [QueueDeclaration(name: "shs.dead"), moved]))
        #expect(topology.name(of: "shs.reply.x") == "shs.reply.x.1" && topology.name(of: "shs.dead") == "shs.dead")
        // Two connections were refused, and the queue moved once.
        topology.end()
        var moves: [RoleTopology.Move] = []
        for await move in topology.moves { moves.append(move) }
        #expect(moves == [RoleTopology.Move(from: "shs.reply.x", to: "shs.reply.x.1")])
    }
}
