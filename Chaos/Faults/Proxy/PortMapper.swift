import NIOCore
import NIOPosix
import Synchronization

/// Stands in for epmd, one for each broker node: tells it the other nodes' distribution ports, which lead through a link.
///
/// The protocol is that of Erlang's distribution protocol, chapter "EPMD protocol". Every node has a mapper of its own
/// (`ERL_EPMD_PORT`), so each pair of nodes can be told a port of its own.
final class PortMapper: Sendable {
    private struct State {
        /// What is registered here: the node itself, and command line tools.
        var own: [String: Int] = [:]
        /// The other nodes, behind links.
        var others: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let listener = Mutex<(any Channel)?>(nil)

    var port: Int { self.listener.withLock { $0?.localAddress?.port ?? 0 } }

    static func make() async throws -> PortMapper {
        let mapper = PortMapper()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(PortMapperHandler(mapper))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        mapper.listener.withLock { $0 = channel }
        return mapper
    }

    func tell(of node: String, at port: Int) { self.state.withLock { $0.others[node] = port } }

    func register(_ name: String, at port: Int) { self.state.withLock { $0.own[name] = port } }

    func forget(_ name: String, at port: Int) {
        self.state.withLock { if $0.own[name] == port { $0.own[name] = nil } }
    }

    func port(of name: String) -> Int? { self.state.withLock { $0.own[name] ?? $0.others[name] } }

    var registered: [String: Int] { self.state.withLock { $0.own } }

    func close() async { try? await self.listener.withLock { $0 }?.close() }
}

/// One connection to a port mapper: one request; a registration lasts as long as its connection.
private final class PortMapperHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let mapper: PortMapper
    private var received = ByteBuffer()
    private var registration: (name: String, port: Int)?

    init(_ mapper: PortMapper) { self.mapper = mapper }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        self.received.writeBuffer(&bytes)
        guard let length = self.received.getInteger(at: self.received.readerIndex, as: UInt16.self),
            self.received.readableBytes >= Int(length) + 2,
            var request = self.received.readSlice(length: Int(length) + 2)
        else { return }
        request.moveReaderIndex(forwardBy: 2)
        self.answer(&request, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let registration { self.mapper.forget(registration.name, at: registration.port) }
    }

    private func answer(_ request: inout ByteBuffer, _ context: ChannelHandlerContext) {
        var answer = ByteBuffer()
        switch request.readInteger(as: UInt8.self) {
        case 120:  // ALIVE2_REQ
            guard let port = request.readInteger(as: UInt16.self) else { break }
            request.moveReaderIndex(forwardBy: 6)
            guard let length = request.readInteger(as: UInt16.self), let name = request.readString(length: Int(length))
            else { break }
            self.mapper.register(name, at: Int(port))
            self.registration = (name, Int(port))
            // ALIVE2_X_RESP: no error; the creation tells a restarted node from the one before.
            answer.writeInteger(UInt8(118))
            answer.writeInteger(UInt8(0))
            answer.writeInteger(UInt32.random(in: 4...UInt32.max))
            context.writeAndFlush(NIOAny(answer), promise: nil)
            return
        case 122:  // PORT_PLEASE2_REQ
            let name = request.readString(length: request.readableBytes) ?? ""
            answer.writeInteger(UInt8(119))
            guard let port = self.mapper.port(of: name) else {
                answer.writeInteger(UInt8(1))
                break
            }
            answer.writeInteger(UInt8(0))
            answer.writeInteger(UInt16(port))
            // A normal node, over TCP, distribution versions 6 to 5, no extra.
            answer.writeBytes([77, 0, 0, 6, 0, 5])
            answer.writeInteger(UInt16(name.utf8.count))
            answer.writeString(name)
            answer.writeInteger(UInt16(0))
        case 110:  // NAMES_REQ
            answer.writeInteger(UInt32(self.mapper.port))
            for (name, port) in self.mapper.registered { answer.writeString("name \(name) at port \(port)\n") }
        default:
            break
        }
        context.writeAndFlush(NIOAny(answer)).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }
}
